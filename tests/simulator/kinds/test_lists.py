"""Items, accounts, terms, taxes (§3.5 to §3.8)."""

from datetime import date

import pytest

from app.simulator.kinds.term import due_date
from tests.simulator.client import Client


def test_a_service_gets_what_intuit_fills_in(app: Client) -> None:
    made = app.write("item", {"Name": "Backup", "Type": "Service", "IncomeAccountRef": {"value": "1", "name": "wrong"}})
    assert made["IncomeAccountRef"] == {"value": "1", "name": "Services"}
    assert (made["UnitPrice"], made["Taxable"], made["FullyQualifiedName"]) == (0, False, "Backup")


def test_an_item_name_is_taken_whatever_its_case_6240(app: Client) -> None:
    sent = {"Name": "HOURS", "Type": "Service", "IncomeAccountRef": {"value": "1"}}
    assert app.refused("item", sent) == ("6240", "The name supplied already exists. : null")


def test_a_service_without_an_account_is_refused_2020(app: Client) -> None:
    code, detail = app.refused("item", {"Name": "Backup", "Type": "Service"})
    assert (code, detail) == ("2020", "Required parameter IncomeAccountRef is missing in the request")


def test_an_unknown_type_is_refused_2170(app: Client) -> None:
    assert app.refused("item", {"Name": "Backup", "Type": "Magic"}) == ("2170", "Invalid Enumeration : Magic")


def test_an_account_knows_its_class(app: Client) -> None:
    made = app.write("account", {"Name": "Reserve", "AccountType": "Bank"})
    assert (made["Classification"], made["AccountSubType"]) == ("Asset", "CashOnHand")


def test_an_account_needs_a_type(app: Client) -> None:
    assert app.refused("account", {"Name": "Reserve"})[0] == "2020"


def test_a_reference_to_an_unknown_account_names_the_list_2500(app: Client) -> None:
    sent = {"Name": "Backup", "Type": "Service", "IncomeAccountRef": {"value": "7"}}
    assert app.refused("item", sent)[1] == "Invalid Reference Id : Accounts element id 7 not found"


@pytest.mark.parametrize("word", ["taxcode", "taxrate"])
def test_taxes_cannot_be_written(app: Client, word: str) -> None:
    assert app.refused(word, {"Name": "My own"})[0] == "500"


def test_the_british_codes_lead_to_their_rates(app: Client) -> None:
    code = app.find("TaxCode", "Name = '20.0% S'")["TaxCode"][0]
    rate = code["SalesTaxRateList"]["TaxRateDetail"][0]["TaxRateRef"]["value"]
    assert (code["Id"], app.read(f"taxrate/{rate}")["RateValue"]) == ("6", 20)


@pytest.mark.parametrize(
    ("term", "due"),
    [
        (None, date(2026, 3, 2)),
        ({"DueDays": 0}, date(2026, 1, 31)),
        ({"DayOfMonthDue": 31}, date(2026, 1, 31)),
        ({"DayOfMonthDue": 10}, date(2026, 2, 10)),
        ({"DayOfMonthDue": 31, "DueNextMonthDays": 5}, date(2026, 2, 28)),
    ],
)
def test_a_term_leads_to_its_due_date(term: dict[str, int] | None, due: date) -> None:
    assert due_date(date(2026, 1, 31), term) == due
