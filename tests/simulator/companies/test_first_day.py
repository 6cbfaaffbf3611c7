"""The companies of the first day: what stands on their shelves is what the kinds would keep."""

from collections.abc import Iterator

import pytest

from app.simulator.companies.company import Company
from app.simulator.companies.first_day import COMPANIES
from app.simulator.kinds.registry import KINDS
from app.simulator.world import World
from tests.simulator.client import AMERICAN, NORTHGATE, TRADING, Body, Client, line

LISTED = {
    "IncomeAccountRef": "Account", "ExpenseAccountRef": "Account", "AgencyRef": "TaxAgency", "TaxRateRef": "TaxRate",
    "ItemRef": "Item", "SalesTaxCodeRef": "TaxCode", "DefaultTaxCodeRef": "TaxCode", "DefaultTerms": "Term",
    "TaxGroupCodeRef": "TaxCode",
}  # fmt: skip


def references(value: object) -> Iterator[tuple[str, str]]:
    """Every reference inside a record: property and id."""
    if isinstance(value, list):
        for one in value:
            yield from references(one)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in LISTED:
                yield LISTED[name], inner["value"]
            yield from references(inner)


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.name)
def test_a_company_knows_all_it_refers_to(company: Company) -> None:
    known = {(kind, record["Id"]) for kind, record in company.records}
    assert len(known) == len(company.records)
    assert {found for _, record in company.records for found in references(record)} <= known


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.name)
def test_a_company_has_only_properties_its_kinds_know(company: Company) -> None:
    assert [(kind, name) for kind, record in company.records for name in record if name not in KINDS[kind].known] == []


def test_each_environment_has_the_three_kinds_of_company() -> None:
    told = {(company.environment, company.label) for company in COMPANIES}
    assert told == {(where, label) for where in ("production", "sandbox") for label in ("uk", "us", "multi")}


@pytest.mark.parametrize(
    ("realm", "code", "total"), [(NORTHGATE, "6", 120), (AMERICAN, "NON", 100), (TRADING, "6", 120)]
)
def test_an_invoice_can_be_written_in_each(app: Client, realm: str, code: str, total: int) -> None:
    there = Client(app.http.application, realm)
    currency: Body = {"CurrencyRef": {"value": "GBP"}} if realm == TRADING else {}
    made = there.invoice(line("100.00", code), **currency)
    assert (made["TotalAmt"], made["Balance"]) == (total, total)


def test_a_company_nobody_looks_at_stays_closed(app: Client, world: World) -> None:
    app.read("customer/1")
    assert [books.realm for books in world.books.opened()] == [NORTHGATE]


def test_a_company_is_founded_like_the_first_of_its_label(app: Client) -> None:
    app.control("companies", {"realm": "77", "label": "us"})
    assert Client(app.http.application, "77").read("companyinfo/77")["Country"] == "US"
