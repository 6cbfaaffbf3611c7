"""What kind of company it is."""

from datetime import date
from typing import Any

import pytest

from app.quickbooks.company import company_seen
from app.quickbooks.models import ClassTracking, SalesTax

INFO = {
    "CompanyName": "Northgate Dental Ltd",
    "LegalName": "Northgate Dental Limited",
    "Country": "GB",
    "NameValue": [{"Name": "SubscriptionStatus", "Value": "PAID"}],
}
PREFERENCES = {
    "AccountingInfoPrefs": {"BookCloseDate": "2026-03-31"},
    "SalesFormsPrefs": {"CustomTxnNumbers": True, "AutoApplyCredit": False},
    "TaxPrefs": {"UsingSalesTax": True},
    "CurrencyPrefs": {"MultiCurrencyEnabled": True, "HomeCurrency": {"value": "GBP"}},
}


def test_a_british_company_is_known_by_its_preferences() -> None:
    seen = company_seen(INFO, PREFERENCES)
    assert (seen.name, seen.legal_name, seen.home_currency) == (
        "Northgate Dental Ltd",
        "Northgate Dental Limited",
        "GBP",
    )
    assert (seen.sales_tax, seen.custom_txn_numbers, seen.auto_apply_credit) == (SalesTax.UK, True, False)
    assert (seen.book_close_date, seen.subscription, seen.multi_currency) == (date(2026, 3, 31), "PAID", True)


def test_what_intuit_does_not_say_is_not_guessed() -> None:
    seen = company_seen({}, {})
    assert (seen.custom_txn_numbers, seen.book_close_date, seen.multi_currency) == (None, None, None)
    assert seen.sales_tax is SalesTax.NONE


@pytest.mark.parametrize(
    ("tax", "kind"),
    [
        ({"UsingSalesTax": True, "PartnerTaxEnabled": True}, SalesTax.US_AST),
        ({"UsingSalesTax": True, "PartnerTaxEnabled": False}, SalesTax.US_MANUAL),
        ({"UsingSalesTax": True}, SalesTax.US_MANUAL),
        ({"UsingSalesTax": False, "PartnerTaxEnabled": True}, SalesTax.NONE),
    ],
)
def test_an_american_company_says_whether_its_tax_is_automated(tax: dict[str, Any], kind: SalesTax) -> None:
    assert company_seen(INFO | {"Country": "US"}, {"TaxPrefs": tax}).sales_tax is kind


@pytest.mark.parametrize(
    ("accounting", "classes", "locations"),
    [
        ({}, ClassTracking.NONE, False),
        ({"ClassTrackingPerTxn": True, "TrackDepartments": False}, ClassTracking.PER_TRANSACTION, False),
        ({"ClassTrackingPerTxnLine": True, "ClassTrackingPerTxn": False}, ClassTracking.PER_LINE, False),
        ({"ClassTrackingPerTxnLine": True, "ClassTrackingPerTxn": True}, ClassTracking.PER_LINE, False),
        ({"TrackDepartments": True}, ClassTracking.NONE, True),
    ],
)
def test_a_company_says_whether_it_sorts_its_sales(
    accounting: dict[str, Any], classes: ClassTracking, *, locations: bool
) -> None:
    seen = company_seen(INFO, {"AccountingInfoPrefs": accounting})
    assert (seen.class_tracking, seen.tracks_locations) == (classes, locations)
