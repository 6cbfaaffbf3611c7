"""`python-quickbooks` asks: all, filter, where, choose, count, order, pages; taxes, currencies, the company's setup."""

from typing import Any

import pytest
from quickbooks import QuickBooks, exceptions
from quickbooks.objects import CompanyInfo, Customer, Invoice, Item, Preferences, TaxAgency, TaxCode, TaxRate
from quickbooks.objects.companycurrency import CompanyCurrency
from quickbooks.objects.exchangerate import ExchangeRate
from quickbooks.objects.taxservice import TaxRateDetails, TaxService

from tests.simulation import REALM
from tests.simulator.clients.python_companies import Company, ids, name
from tests.simulator.clients.python_documents import DOCUMENTS, sales_form
from tests.simulator.clients.python_lists import LISTS

TAXES = {"TaxCode": TaxCode, "TaxRate": TaxRate, "TaxAgency": TaxAgency}
KINDS = {name: row.kind for name, row in (LISTS | DOCUMENTS).items()} | TAXES
Companies = dict[str, Company]


@pytest.fixture(scope="module")
def full(companies: Companies) -> Company:
    """Give the company of several currencies with some records of each kind."""
    trading = companies["multi"]
    for row in (LISTS | DOCUMENTS).values():
        for _ in range(3 if "multi" in row.companies else 0):
            row.make(trading).save(qb=trading.books)
    return trading


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_it_counts_what_it_lists(full: Company, kind: Any) -> None:
    assert kind.count(qb=full.books) == len(kind.all(max_results=1000, qb=full.books)) > 0


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_pages_in_order_hold_every_record_once(full: Company, kind: Any) -> None:
    """`all` writes ORDER BY in two words, `where` in one; both are understood."""
    whole = ids(kind.all(order_by="Id DESC", max_results=1000, qb=full.books))
    pages = [
        one
        for start in range(1, len(whole) + 1, 5)
        for one in ids(kind.where(order_by="Id DESC", start_position=start, max_results=5, qb=full.books))
    ]
    assert pages == whole == sorted(whole, key=int, reverse=True)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_it_chooses_by_id_and_by_time(full: Company, kind: Any) -> None:
    some = ids(kind.all(max_results=2, qb=full.books))
    assert sorted(ids(kind.choose(some, qb=full.books))) == sorted(some)
    assert ids(kind.where("MetaData.LastUpdatedTime > '2099-01-01T00:00:00-07:00'", qb=full.books)) == []


def test_a_filter_escapes_quotes_and_joins_conditions(uk: Company) -> None:
    customer = LISTS["Customer"].make(uk)
    customer.DisplayName = name("O'Brien's")
    customer.save(qb=uk.books)
    found = Customer.filter(DisplayName=customer.DisplayName, Active=True, qb=uk.books)
    assert ids(found) == [customer.Id]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("TotalAmt > '100.00' AND Balance > '0'", True),
        ("CustomerRef = '1'", True),
        ("DocNumber LIKE '%0%'", True),
        ("DocNumber IN ('none', 'nowhere')", False),
        ("TxnDate <= '2001-01-01'", False),
    ],
)
def test_documents_are_found_by_condition(uk: Company, condition: str, *, found: bool) -> None:
    invoice = sales_form(Invoice)(uk)
    invoice.DocNumber = name("N-0")
    invoice.save(qb=uk.books)
    assert (len(Invoice.where(condition, qb=uk.books)) > 0) == found == (Invoice.count(condition, qb=uk.books) > 0)


def test_items_come_with_their_sku(uk: Company) -> None:
    item = LISTS["Item"].make(uk)
    item.Sku = "SKU-1"
    item.save(qb=uk.books)
    assert [one.Sku for one in Item.all(max_results=1000, qb=uk.books) if one.Id == item.Id] == ["SKU-1"]


@pytest.mark.parametrize(
    ("statement", "code"),
    [("SELECT * FROM Custmoer", 4001), ("SELECT * FROM", 4000), ("SELECT * FROM Invoice WHERE AccountRef = '1'", 4001)],
)
def test_what_is_no_question_is_a_validation_exception(books: QuickBooks, statement: str, code: int) -> None:
    with pytest.raises(exceptions.ValidationException) as refused:
        Customer.query(statement, qb=books)
    assert refused.value.error_code == code


@pytest.mark.parametrize("kind", [TaxCode, TaxRate])
def test_taxes_are_read(companies: Companies, kind: Any) -> None:
    for company in companies.values():
        one = next(found for found in kind.all(qb=company.books) if found.Id.isdigit())
        assert kind.get(one.Id, qb=company.books).Name == one.Name


def test_a_tax_code_leads_to_its_rate(books: QuickBooks) -> None:
    code = TaxCode.filter(Name="20.0% S", qb=books)[0]
    rate = TaxRate.get(code.SalesTaxRateList.TaxRateDetail[0].TaxRateRef.value, qb=books)
    assert (rate.RateValue, rate.AgencyRef.value) == (20, "1")


def test_the_tax_service_makes_a_code_with_its_rate(books: QuickBooks) -> None:
    service = TaxService()
    service.TaxCode = name("Special")
    detail = TaxRateDetails()
    detail.TaxRateName, detail.RateValue, detail.TaxAgencyId = service.TaxCode + " S", 12.5, "1"
    service.TaxRateDetails.append(detail)
    made = service.save(qb=books)
    assert TaxCode.get(made.TaxCodeId, qb=books).Name == service.TaxCode


def test_company_information_is_read_found_and_echoed(books: QuickBooks) -> None:
    company = CompanyInfo.get(REALM, qb=books)
    assert (company.Country, CompanyInfo.all(qb=books)[0].CompanyName) == ("GB", company.CompanyName)
    company.LegalName = name("Legal")
    company.save(qb=books)
    assert CompanyInfo.get(1, qb=books).LegalName == company.LegalName


def test_preferences_are_read_and_echoed_with_a_change(books: QuickBooks) -> None:
    preferences = Preferences.get(qb=books)
    shipping = preferences.SalesFormsPrefs.AllowShipping
    preferences.SalesFormsPrefs.AllowShipping = not shipping
    preferences.save(qb=books)
    assert Preferences.get(qb=books).SalesFormsPrefs.AllowShipping is not shipping


def test_a_message_to_customers_is_changed_in_preferences(books: QuickBooks) -> None:
    preferences = Preferences.get(qb=books)
    preferences.EmailMessagesPrefs.EstimateMessage.Subject = name("Subject")
    preferences.save(qb=books)
    told = Preferences.get(qb=books).EmailMessagesPrefs.EstimateMessage.Subject
    assert told == preferences.EmailMessagesPrefs.EstimateMessage.Subject


def test_a_rate_of_exchange_is_set(companies: Companies) -> None:
    books = companies["multi"].books
    rate = ExchangeRate.where("SourceCurrencyCode = 'EUR'", qb=books)[0]
    assert (rate.SourceCurrencyCode, rate.TargetCurrencyCode) == ("EUR", "GBP")
    rate.Rate = round(rate.Rate + 0.1, 4)
    rate.save(qb=books)
    asked = f"SourceCurrencyCode = 'EUR' AND AsOfDate = '{rate.AsOfDate}'"
    assert [one.Rate for one in ExchangeRate.where(asked, qb=books)] == [rate.Rate]


def test_currencies_are_listed(companies: Companies) -> None:
    codes = {one.Code for one in CompanyCurrency.all(qb=companies["multi"].books)}
    assert {"EUR", "USD"} <= codes
    assert CompanyCurrency.get(id=1, qb=companies["multi"].books).Name == "Euro"
