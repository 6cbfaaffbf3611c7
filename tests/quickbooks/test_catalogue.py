"""The mirror of a company's lists."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import transaction
from app.quickbooks import catalogue, errors
from app.quickbooks.client import QuickBooks
from app.quickbooks.ports import HttpRequest
from tests.quickbooks.intuit import Intuit, answer

HARBOUR: dict[str, Any] = {
    "Id": "60",
    "SyncToken": "1",
    "DisplayName": "Harbour Cafe",
    "PrimaryEmailAddr": {"Address": "AP@harbour.example"},
    "CurrencyRef": {"value": "GBP"},
}
QUAY: dict[str, Any] = {
    "Id": "61",
    "SyncToken": "0",
    "DisplayName": "Quay 100%_",
    "PrimaryEmailAddr": {"Address": "q@quay.example"},
}
OLD: dict[str, Any] = {"Id": "62", "SyncToken": "0", "DisplayName": "Old Mill (deleted)", "Active": False}
CUSTOMERS: list[dict[str, Any]] = [HARBOUR, QUAY, OLD]


def listed(entity: str, *records: dict[str, Any]) -> Any:
    """Answer with these records of a list."""
    return answer({"QueryResponse": {entity: list(records)}})


@pytest.fixture
def company(held: HeldClock, quickbooks: QuickBooks, connection_id: int, intuit: Intuit) -> int:
    """Read three customers."""
    intuit.answers = [listed("Customer", *CUSTOMERS)]
    assert catalogue.refresh(quickbooks, connection_id, ["Customer"]) == {"Customer": 3}
    return connection_id


def names(connection_id: int, text: str = "") -> list[str]:
    """Find the customers by a part of their names."""
    return [row.name for row in catalogue.find(connection_id, "Customer", text)]


def test_a_list_is_read_whole_inactive_records_too(company: int, intuit: Intuit) -> None:
    assert names(company) == ["Harbour Cafe", "Quay 100%_"]
    assert "Active IN (true, false)" in intuit.parameters()["query"]
    old = catalogue.by_id(company, "Customer", "62")
    assert old is not None
    assert not old.active
    assert [row.remote_id for row in catalogue.all_active(company, "Customer")] == ["60", "61"]


def test_what_is_known_to_be_gone_is_not_brought_back_by_an_older_page(
    company: int, held: HeldClock, quickbooks: QuickBooks, intuit: Intuit
) -> None:
    def told_meanwhile(_request: HttpRequest) -> None:
        held.move(timedelta(seconds=1))
        with transaction() as session:
            catalogue.forget(session, company, "Customer", "60")

    intuit.on_call, intuit.answers = told_meanwhile, [listed("Customer", *CUSTOMERS)]
    catalogue.refresh(quickbooks, company, ["Customer"])
    assert names(company) == ["Quay 100%_"]


def test_a_page_that_is_newer_than_what_was_told_meanwhile_counts(
    company: int, held: HeldClock, quickbooks: QuickBooks, intuit: Intuit
) -> None:
    def told_meanwhile(_request: HttpRequest) -> None:
        held.move(timedelta(seconds=1))
        with transaction() as session:
            catalogue.note(session, company, "Customer", QUAY | {"SyncToken": "1", "DisplayName": "Quay One"})

    twice = QUAY | {"SyncToken": "2", "DisplayName": "Quay Two"}
    intuit.on_call, intuit.answers = told_meanwhile, [listed("Customer", HARBOUR, twice)]
    catalogue.refresh(quickbooks, company, ["Customer"])
    assert names(company) == ["Harbour Cafe", "Quay Two"]


def test_a_name_is_found_whatever_its_case_and_blanks(company: int) -> None:
    found = catalogue.by_name(company, "Customer", " harbour  CAFE")
    assert found is not None
    assert found.data == {"email": "AP@harbour.example", "currency": "GBP"}
    assert catalogue.by_name(company, "Item", "Harbour Cafe") is None
    assert catalogue.by_name(company, "Customer", "Old Mill (deleted)") is None


def test_what_looks_like_a_pattern_is_searched_as_it_stands(company: int) -> None:
    assert names(company, "0%_") == ["Quay 100%_"]
    assert names(company, "%") == ["Quay 100%_"]


def test_many_are_looked_up_at_once(company: int) -> None:
    asked = ["HARBOUR cafe", "Nobody", "", "quay 100%_"]
    assert set(catalogue.by_names(company, "Customer", asked)) == {"harbour cafe", "quay 100%_"}
    assert set(catalogue.by_emails(company, "Customer", ["ap@Harbour.example", ""])) == {"ap@harbour.example"}


def test_an_address_that_two_share_means_nobody(company: int) -> None:
    with transaction() as session:
        catalogue.note(session, company, "Customer", QUAY | {"PrimaryEmailAddr": {"Address": "ap@harbour.example"}})
    assert catalogue.by_emails(company, "Customer", ["ap@harbour.example"]) == {}


def test_what_a_list_no_longer_holds_has_vanished(
    company: int, held: HeldClock, quickbooks: QuickBooks, intuit: Intuit
) -> None:
    held.move(timedelta(minutes=5))
    intuit.answers = [listed("Customer", QUAY)]
    catalogue.refresh(quickbooks, company, ["Customer"])
    assert names(company) == ["Quay 100%_"]
    with transaction() as session:
        catalogue.note(session, company, "Customer", HARBOUR)
    assert "Harbour Cafe" in names(company)


def test_a_reading_that_breaks_off_makes_nothing_vanish(
    company: int, held: HeldClock, quickbooks: QuickBooks, intuit: Intuit
) -> None:
    held.move(timedelta(minutes=5))
    many = [{"Id": str(number), "DisplayName": f"Client {number}"} for number in range(1000, 2000)]
    intuit.answers = [listed("Customer", *many), answer("", 500)]
    with pytest.raises(errors.UnknownOutcome):
        catalogue.refresh(quickbooks, company, ["Customer"])
    assert names(company, "harbour") == ["Harbour Cafe"]
    assert names(company, "client 1999") == ["Client 1999"]


def test_an_older_page_does_not_overwrite_a_newer_answer(company: int, quickbooks: QuickBooks, intuit: Intuit) -> None:
    with transaction() as session:
        catalogue.note(session, company, "Customer", HARBOUR | {"SyncToken": "2", "DisplayName": "Harbour Bistro"})
    intuit.answers = [listed("Customer", *CUSTOMERS)]
    catalogue.refresh(quickbooks, company, ["Customer"])
    assert names(company, "harbour") == ["Harbour Bistro"]


def test_a_record_that_is_gone_is_forgotten_but_known(company: int) -> None:
    with transaction() as session:
        catalogue.forget(session, company, "Customer", "60")
        catalogue.note(session, company, "Customer", {"Id": "61", "status": "Deleted"})
    assert names(company) == []
    gone = catalogue.by_id(company, "Customer", "61")
    assert gone is not None
    assert (gone.name, gone.vanished) == ("Quay 100%_", True)


def test_a_tax_code_learns_its_rate_from_the_rates(
    held: HeldClock, quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    standard = {"TaxRateDetail": [{"TaxRateRef": {"value": "3"}}]}
    code = {"Id": "6", "SyncToken": "0", "Name": "20.0% S", "SalesTaxRateList": standard}
    pseudo = {"Id": "TAX", "Name": "TAX"}
    intuit.answers = [listed("TaxRate", {"Id": "3", "RateValue": 20}), listed("TaxCode", code, pseudo)]
    catalogue.refresh(quickbooks, connection_id, ["TaxCode"])
    assert "WHERE" not in intuit.parameters()["query"]
    found = catalogue.by_name(connection_id, "TaxCode", "20.0% s")
    assert found is not None
    assert found.rate == Decimal(20)
    assert found.seen_at == clock.now()


def test_two_of_one_name_are_listed_in_the_order_they_were_met(company: int) -> None:
    with transaction() as session:
        for remote_id in ("71", "70"):
            catalogue.note(session, company, "Customer", {"Id": remote_id, "SyncToken": "0", "DisplayName": "Twin"})
    with transaction() as session:
        catalogue.note(session, company, "Customer", {"Id": "71", "SyncToken": "1", "DisplayName": "Twin"})
    met = [row.remote_id for row in catalogue.all_active(company, "Customer") if row.name == "Twin"]
    assert met == [row.remote_id for row in catalogue.find(company, "Customer", "twin")] == ["71", "70"]
