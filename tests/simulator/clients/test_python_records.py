"""`python-quickbooks`, kind by kind: create, read, update, deactivate, delete, void, print, send."""

from typing import Any

import pytest
from quickbooks import exceptions
from quickbooks.mixins import DeleteMixin, VoidMixin
from quickbooks.objects import Customer, Purchase

from tests.simulator.clients.python_companies import Company, Row, ids, made
from tests.simulator.clients.python_documents import DOCUMENTS
from tests.simulator.clients.python_lists import AGENCY, LISTS

Companies = dict[str, Company]


def each(rows: dict[str, Row], mixin: type = object) -> pytest.MarkDecorator:
    """Every kind in every company it is tried in; only those the package has a method for."""
    found = [(name, row) for name, row in rows.items() if issubclass(row.kind, mixin)]
    cases = [(company, row) for _, row in found for company in row.companies]
    names = [f"{name}-{company}" for name, row in found for company in row.companies]
    return pytest.mark.parametrize(("company", "row"), cases, ids=names)


def said(record: Any, *leaving_out: str) -> dict[str, Any]:
    """All that the package knows of a record."""
    known: dict[str, Any] = record.to_dict()
    return {name: value for name, value in known.items() if name not in leaving_out}


@each(LISTS | DOCUMENTS | {"TaxAgency": AGENCY})
def test_what_it_creates_it_reads_back(companies: Companies, company: str, row: Row) -> None:
    """But for the time of an account's last change, which the answer to a create was recorded without."""
    answered = made(companies[company], row)
    read = row.kind.get(answered.Id, qb=companies[company].books)
    assert answered.SyncToken == "0"
    assert said(read, "MetaData") == said(answered, "MetaData")


@each(LISTS | DOCUMENTS)
def test_an_update_changes_one_property_and_moves_the_sync_token(companies: Companies, company: str, row: Row) -> None:
    books = companies[company].books
    record = row.kind.get(made(companies[company], row).Id, qb=books)
    name, value = row.change
    value = f"{value} {record.Id}" if name == "Name" else value
    setattr(record, name, value)
    record.PurchaseEx = None  # refused when it comes back
    answered = record.save(qb=books)
    assert (getattr(answered, name), answered.SyncToken) == (value, "1")
    assert said(row.kind.get(record.Id, qb=books)) == said(answered)


@each({name: row for name, row in (LISTS | DOCUMENTS).items() if name != "Purchase"})
def test_a_record_that_is_echoed_whole_stays_what_it_was(companies: Companies, company: str, row: Row) -> None:
    """A list entry keeps its SyncToken, a document moves on, and its tax is called overridden, if by nothing."""
    books = companies[company].books
    record = row.kind.get(made(companies[company], row).Id, qb=books)
    moving = ("MetaData", "SyncToken", "TxnTaxDetail")
    before = said(record, *moving)
    answered = record.save(qb=books)
    assert said(answered, *moving) == before
    assert answered.SyncToken == ("0" if row in LISTS.values() else "1")


@each({"Purchase": DOCUMENTS["Purchase"]})
def test_a_purchase_that_is_echoed_whole_is_refused_for_its_extension(
    companies: Companies, company: str, row: Row
) -> None:
    purchase = Purchase.get(made(companies[company], row).Id, qb=companies[company].books)
    with pytest.raises(exceptions.ValidationException) as refused:
        purchase.save(qb=companies[company].books)
    assert refused.value.error_code == 2010


@each(LISTS)
def test_an_entry_is_deactivated_loses_its_name_and_is_woken_again(
    companies: Companies, company: str, row: Row
) -> None:
    books = companies[company].books
    record = row.kind.get(made(companies[company], row).Id, qb=books)
    record.Active = False
    asleep = record.save(qb=books)
    assert row.kind.filter(Id=record.Id, qb=books) == []
    assert ids(row.kind.filter(Id=record.Id, Active=False, qb=books)) == [record.Id]
    asleep.Active = True
    assert asleep.save(qb=books).Active is True


@each(DOCUMENTS, DeleteMixin)
def test_what_it_deletes_is_gone(companies: Companies, company: str, row: Row) -> None:
    books = companies[company].books
    record = made(companies[company], row)
    assert record.delete(qb=books)[row.kind.qbo_object_name]["status"] == "Deleted"
    assert row.kind.filter(Id=record.Id, qb=books) == []
    with pytest.raises(exceptions.ObjectNotFoundException) as gone:
        row.kind.get(record.Id, qb=books)
    assert gone.value.error_code == 610


@each(DOCUMENTS, VoidMixin)
def test_what_it_voids_keeps_its_id_and_loses_its_money(companies: Companies, company: str, row: Row) -> None:
    books = companies[company].books
    record = made(companies[company], row)
    record.void(qb=books)
    void = row.kind.get(record.Id, qb=books)
    assert (void.Id, void.TotalAmt, void.SyncToken) == (record.Id, 0, "1")
    assert "Voided" in void.PrivateNote


@each({name: DOCUMENTS[name] for name in ("Invoice", "CreditMemo", "Payment")})
def test_a_form_for_a_customer_is_had_as_a_pdf(companies: Companies, company: str, row: Row) -> None:
    record = made(companies[company], row)
    assert companies[company].books.download_pdf(row.kind.qbo_object_name, record.Id).startswith(b"%PDF-")


def test_an_invoice_prints_itself_and_a_customer_does_not(uk: Company) -> None:
    invoice = made(uk, DOCUMENTS["Invoice"])
    assert invoice.download_pdf(qb=uk.books).startswith(b"%PDF-")
    with pytest.raises(exceptions.UnsupportedException):
        uk.books.download_pdf("Customer", "1")


@pytest.mark.parametrize("address", [None, "ledger+north@harbour.example"])
def test_an_invoice_is_sent(uk: Company, address: str | None) -> None:
    """Without an address it goes to the customer's."""
    invoice = made(uk, DOCUMENTS["Invoice"])
    invoice.send(qb=uk.books, send_to=address)
    sent = type(invoice).get(invoice.Id, qb=uk.books)
    assert (sent.EmailStatus, sent.DeliveryInfo.DeliveryType) == ("EmailSent", "Email")
    assert sent.BillEmail.Address == (address or Customer.get("1", qb=uk.books).PrimaryEmailAddr.Address)
