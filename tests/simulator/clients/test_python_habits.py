"""How users of `python-quickbooks` work: repeated requests, decimals, duplicates on purpose, payments and links."""

from decimal import Decimal

from quickbooks import QuickBooks
from quickbooks.objects import Customer, Invoice, Payment

from tests.simulation import Simulation
from tests.simulator.clients.python_companies import Company, client_with, keys_of
from tests.simulator.clients.python_documents import DOCUMENTS, invoice_of, payment_of, sales_line


def test_the_package_refreshes_by_itself_when_it_has_no_access_token(intuit: Simulation, books: QuickBooks) -> None:
    again = client_with(keys_of(intuit), intuit, refresh_token=books.refresh_token)
    assert Customer.get("1", qb=again).DisplayName == "Harbour Cafe"


def test_one_request_id_makes_one_invoice(uk: Company) -> None:
    made = [invoice_of(uk).save(qb=uk.books, request_id="python-1") for _ in range(2)]
    assert made[0].Id == made[1].Id


def test_amounts_may_be_decimals_on_both_sides(intuit: Simulation, books: QuickBooks) -> None:
    """The package sends them as strings and reads them exactly."""
    uk = Company(client_with(books.auth_client, intuit, use_decimal=True), "6")
    made = invoice_of(uk, Line=[sales_line(uk, Decimal("1861.08"))]).save(qb=uk.books)
    assert (made.Line[0].Amount, made.TotalAmt) == (Decimal("1861.08"), Decimal("2233.30"))


def test_a_duplicate_is_let_through_on_request(uk: Company) -> None:
    bills = [DOCUMENTS["Bill"].make(uk) for _ in range(2)]
    for bill in bills:
        bill.DocNumber = "SAME"
        bill.save(qb=uk.books, params={"include": "allowduplicatedocnum"})
    assert bills[0].Id != bills[1].Id


def test_the_link_of_an_invoice_is_told_on_request(uk: Company) -> None:
    invoice = invoice_of(uk).save(qb=uk.books)
    assert invoice.InvoiceLink == ""
    assert Invoice.get(invoice.Id, qb=uk.books, params={"include": "invoiceLink"}).InvoiceLink.startswith("https://")


def test_a_payment_settles_an_invoice_and_its_void_opens_it_again(uk: Company) -> None:
    invoice = invoice_of(uk).save(qb=uk.books)
    payment_of(invoice, uk).save(qb=uk.books)
    invoice = Invoice.get(invoice.Id, qb=uk.books)
    assert (invoice.Balance, invoice.LinkedTxn[0].TxnType) == (0, "Payment")
    Payment.get(invoice.LinkedTxn[0].TxnId, qb=uk.books).void(qb=uk.books)
    assert Invoice.get(invoice.Id, qb=uk.books).Balance == invoice.TotalAmt
