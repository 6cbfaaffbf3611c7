"""The tax of a document, rate by rate."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.billing.conventions import conventions_of
from app.billing.tax import TaxCode, Treatment
from app.web.formats import NOTHING
from app.web.invoices.tax_summary import on_a_line, summary

STANDARD = TaxCode(code="S", name="", rate_percent=Decimal(20), treatment=Treatment.STANDARD)
REDUCED = TaxCode(code="R", name="", rate_percent=Decimal(5), treatment=Treatment.REDUCED)
ZERO = TaxCode(code="Z", name="", rate_percent=Decimal(0), treatment=Treatment.ZERO)
OUTSIDE = TaxCode(code="O", name="", rate_percent=Decimal(0), treatment=Treatment.OUTSIDE_SCOPE)
EXEMPT = TaxCode(code="E", name="", rate_percent=Decimal(0), treatment=Treatment.EXEMPT)
REVERSE = TaxCode(code="RC", name="", rate_percent=Decimal(20), treatment=Treatment.REVERSE_CHARGE)


def vars_of(code: TaxCode) -> dict[str, Any]:
    return {name: getattr(code, name) for name in ("code", "name", "rate_percent", "treatment")}


def test_tax_is_computed_on_the_summed_net_of_a_rate() -> None:
    told = summary([(2, STANDARD), (2, STANDARD), (100, REDUCED)], conventions_of("GB"))
    assert told == [("VAT 20%", 4, 1, 0), ("VAT 5%", 100, 5, 0)]


def test_what_is_not_charged_is_named_by_its_reason() -> None:
    assert [one.label for one in summary([(1, REVERSE), (1, None)], conventions_of("IE"))] == [
        "Reverse charge: the client accounts for the VAT at 20%",
        "Without tax code",
    ]


def test_of_a_reverse_charge_it_is_said_what_the_client_accounts_for() -> None:
    whole, unknown = TaxCode(**vars_of(REVERSE)), TaxCode(**vars_of(REVERSE) | {"rate_percent": Decimal(0)})
    told = summary([(600_000, whole), (100, unknown)], conventions_of("GB"))
    assert told == [
        ("Reverse charge: the client accounts for the VAT", 100, 0, 0),
        ("Reverse charge: the client accounts for the VAT at 20%", 600_000, 0, 120_000),
    ]


def test_each_line_says_its_rate_or_why_it_bears_none() -> None:
    words = conventions_of("GB")
    told = [on_a_line(code, words) for code in (STANDARD, REDUCED, ZERO, EXEMPT, OUTSIDE, REVERSE, None)]
    assert told == ["20%", "5%", "0%", "Exempt", "No VAT", "Reverse charge", NOTHING]


@pytest.mark.parametrize(
    ("country", "labels"),
    [
        ("GB", {"VAT 20%", "Zero-rated", "Outside the scope of VAT"}),
        ("AU", {"GST 20%", "GST-free", "Outside the scope of GST"}),
        ("CA", {"Tax 20%", "Zero-rated", "Outside the scope of GST/HST"}),
        ("US", {"Sales tax 20%", "Zero-rated", "Outside the scope of sales tax"}),
        ("BR", {"Tax 20%", "Zero-rated", "Outside the scope of tax"}),
    ],
)
def test_the_tax_is_called_as_the_country_calls_it(country: str, labels: set[str]) -> None:
    told = summary([(100, code) for code in (STANDARD, ZERO, OUTSIDE)], conventions_of(country))
    assert {one.label for one in told} == labels
