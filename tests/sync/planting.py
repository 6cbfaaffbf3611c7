"""A bookkeeper's hand: each kind of drift, planted in QuickBooks while no webhook tells of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from app.billing import catalogue, invoicing
from app.billing.catalogue_fields import ClientFields
from app.billing.client import Client
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.foundation.database import transaction
from app.quickbooks import catalogue as their_catalogue
from app.sync.comparing.drifts import DriftCause
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync.books import Books

Line = dict[str, Any]


class Planted(NamedTuple):
    """One kind of drift: what it is called, how it is planted on a document, the cause by which it is to be found."""

    name: str
    plant: Callable[[Books, Document], None]
    cause: DriftCause | None
    """None for what is no drift."""
    currency: str = "GBP"
    """Of its client; another than pounds needs a company of many currencies."""


def client(name: str, currency: str = "GBP") -> Client:
    """A client of that name."""
    with transaction():
        return catalogue.create_client(ClientFields(name=name, currency=currency), actor=ANN)


def document(books: Books, kind: Planted, whose: Client) -> Document:
    """The one in QuickBooks that is to be struck; two lines where one is to be taken out."""
    word = DocumentKind.CREDIT_NOTE if kind.name.startswith("credit note") else DocumentKind.INVOICE
    lines = [books.firm.line("100")] * (2 if kind.name == "line removed" else 1)
    content = replace(books.firm.content(*lines, client=whose), due_date=date(2026, 4, 1))
    with transaction():
        draft = invoicing.create_draft(books.firm.entity, word, content, actor=ANN)
        found = invoicing.open_document(draft, actor=ANN)
    books.send()
    return found


def plant_all(books: Books) -> None:
    """Every kind on a client of its own, and no webhook tells of it. The rate is first: it asks for a comparison."""
    keep_many_currencies(books)
    for kind in reversed(PLANTED):
        kind.plant(books, document(books, kind, client(kind.name.title(), kind.currency)))
        books.simulation.webhooks()


def sold(books: Books, document: Document) -> list[Line]:
    """The lines of a document there that sell something."""
    link = books.link(document)
    lines = books.simulation.record(link.entity, link.remote_id)["Line"]
    return [line for line in lines if line["DetailType"] == "SalesItemLineDetail"]


def edit(books: Books, document: Document, **wanted: object) -> None:
    """The bookkeeper saves it otherwise."""
    link = books.link(document)
    books.simulation.handle(link.entity, link.remote_id, "edit", **wanted)


def _price(books: Books, document: Document) -> None:
    lines = sold(books, document)
    lines[0]["SalesItemLineDetail"]["UnitPrice"], lines[0]["Amount"] = 95, 95
    edit(books, document, Line=lines)


def _quantity(books: Books, document: Document) -> None:
    lines = sold(books, document)
    lines[0]["SalesItemLineDetail"]["Qty"], lines[0]["Amount"] = 2, 200
    edit(books, document, Line=lines)


def _added(books: Books, document: Document) -> None:
    lines = sold(books, document)
    edit(books, document, Line=[*lines, {**lines[0], "Id": None, "Description": "Toner"}])


def _removed(books: Books, document: Document) -> None:
    edit(books, document, Line=sold(books, document)[:-1])


def _tax_code(books: Books, document: Document) -> None:
    lines = sold(books, document)
    zero = next(row for row in their_catalogue.all_active(books.connection_id, "TaxCode") if row.name == "0.0% Z")
    lines[0]["SalesItemLineDetail"]["TaxCodeRef"] = {"value": zero.remote_id}
    edit(books, document, Line=lines)


def _tax(pounds: float) -> Callable[[Books, Document], None]:
    def plant(books: Books, document: Document) -> None:
        total = books.simulation.record("Invoice", books.remote_id(document))["TxnTaxDetail"]["TotalTax"]
        books.simulation.control("switches", {"total_tax_alone": "honoured"})
        edit(books, document, Line=sold(books, document), TxnTaxDetail={"TotalTax": float(total) + pounds})
        books.simulation.control("switches", {"total_tax_alone": "ignored"})

    return plant


def _fact(**wanted: object) -> Callable[[Books, Document], None]:
    return lambda books, document: edit(books, document, **wanted)


def _another_customer(books: Books, document: Document) -> None:
    other = next(
        row for row in their_catalogue.all_active(books.connection_id, "Customer") if row.name.startswith("Moor")
    )
    edit(books, document, CustomerRef={"value": other.remote_id})


def keep_many_currencies(books: Books) -> None:
    """From now on the company keeps its books in more than one currency, and we have heard of it."""
    books.simulation.control(f"companies/{REALM}/preferences", {"CurrencyPrefs": {"MultiCurrencyEnabled": True}})
    books.reconnect()


def _rate(books: Books, document: Document) -> None:
    """The rate that a comparison has seen before."""
    books.compare()
    edit(books, document, ExchangeRate="0.95")


def _merged(books: Books, document: Document) -> None:
    made = f"companies/{REALM}/records/Customer"
    survivor = books.simulation.control(made, {"DisplayName": "Acme Holdings"})["Id"]
    books.simulation.control(f"{made}/{books.customer(document)}/merge", {"into": survivor})


def _inactive(books: Books, document: Document) -> None:
    """QuickBooks refuses it while anything is owed."""
    books.pay(document, "120.00")
    books.listen()
    books.simulation.handle("Customer", books.customer(document), "edit", Active=False)


def _act(act: str) -> Callable[[Books, Document], None]:
    def plant(books: Books, document: Document) -> None:
        link = books.link(document)
        books.simulation.handle(link.entity, link.remote_id, act)

    return plant


def _made_twice(books: Books, document: Document) -> None:
    record = books.simulation.record("Invoice", books.remote_id(document))
    copied = {name: record[name] for name in ("CustomerRef", "CurrencyRef", "TxnDate", "DueDate")}
    again = {**copied, "DocNumber": f"{record['DocNumber']}B", "Line": sold(books, document)}
    books.simulation.control(f"companies/{REALM}/records/Invoice", {**again, "GlobalTaxCalculation": "TaxExcluded"})


def _only_there(books: Books, document: Document) -> None:
    (line,) = sold(books, document)
    line["SalesItemLineDetail"]["UnitPrice"], line["Amount"] = 7, 7
    record = books.simulation.record("Invoice", books.remote_id(document))
    copied = {name: record[name] for name in ("CustomerRef", "CurrencyRef")}
    made = {**copied, "DocNumber": "HAND-1", "Line": [line]}
    books.simulation.control(f"companies/{REALM}/records/Invoice", {**made, "GlobalTaxCalculation": "TaxExcluded"})


def _points_to_nothing(books: Books, document: Document) -> None:
    _act("delete")(books, document)
    with transaction():
        books.link(document).remote_id = "987654"


def _paid(books: Books, document: Document) -> None:
    books.pay(document, "50.00")


def _payment_gone(books: Books, document: Document) -> None:
    books.simulation.handle("Payment", _known_payment(books, document), "delete")


def _payment_edited(books: Books, document: Document) -> None:
    link = {"TxnId": books.remote_id(document), "TxnType": "Invoice"}
    line = {"Amount": 30, "LinkedTxn": [link]}
    books.simulation.handle("Payment", _known_payment(books, document), "edit", TotalAmt=30, Line=[line])


def _payment_moved(books: Books, document: Document) -> None:
    other = books.invoice(client=document.client)
    link = {"TxnId": books.remote_id(other), "TxnType": "Invoice"}
    line = {"Amount": 50, "LinkedTxn": [link]}
    books.simulation.handle("Payment", _known_payment(books, document), "edit", TotalAmt=50, Line=[line])


def _known_payment(books: Books, document: Document) -> str:
    """A payment of fifty pounds that was taken in when it was made."""
    paid = books.pay(document, "50.00")
    books.listen()
    return paid


def _credit_applied(books: Books, document: Document) -> None:
    credit = books.firm.open(books.firm.line("10"), kind=DocumentKind.CREDIT_NOTE, client=document.client)
    books.send()
    amount = {"amount": "12.00"}
    shares = [
        {"invoice_id": books.remote_id(document), **amount},
        {"credit_memo_id": books.remote_id(credit), **amount},
    ]
    wish = {"customer": books.customer(document), "total": "0", "allocations": shares}
    books.simulation.control(f"companies/{REALM}/payments", wish)


PLANTED = (
    Planted("line price changed", _price, DriftCause.PRICE),
    Planted("quantity changed", _quantity, DriftCause.QUANTITY),
    Planted("line added", _added, DriftCause.LINE_ADDED),
    Planted("line removed", _removed, DriftCause.LINE_REMOVED),
    Planted("tax code of a line changed", _tax_code, DriftCause.TAX_CODE),
    Planted("tax beyond a variance", _tax(0.05), DriftCause.TAX),
    Planted("a variance of a penny", _tax(0.01), None),
    Planted("document date", _fact(TxnDate="2026-02-27"), DriftCause.DATE),
    Planted("due date", _fact(DueDate="2026-12-24"), DriftCause.DUE_DATE),
    Planted("number", _fact(DocNumber="OTHER-1"), DriftCause.NUMBER),
    Planted("customer changed", _another_customer, DriftCause.CUSTOMER),
    Planted("customer merged", _merged, DriftCause.CUSTOMER_MERGED),
    Planted("customer made inactive", _inactive, DriftCause.CUSTOMER_INACTIVE),
    Planted("invoice voided", _act("void"), DriftCause.VOIDED_THERE),
    Planted("invoice deleted", _act("delete"), DriftCause.REMOVED_THERE),
    Planted("credit note deleted", _act("delete"), DriftCause.REMOVED_THERE),
    Planted("made twice", _made_twice, DriftCause.DUPLICATE),
    Planted("only there", _only_there, DriftCause.ONLY_THERE),
    Planted("missing there", _points_to_nothing, DriftCause.ONLY_HERE),
    Planted("payment that never reached us", _paid, DriftCause.PAYMENT_MISSED),
    Planted("payment deleted", _payment_gone, DriftCause.PAYMENT_GONE),
    Planted("payment amount edited", _payment_edited, DriftCause.PAYMENT_EDITED),
    Planted("payment moved", _payment_moved, DriftCause.PAYMENT_MOVED),
    Planted("credit applied", _credit_applied, DriftCause.CREDIT_APPLIED),
    Planted("exchange rate changed", _rate, DriftCause.RATE, "EUR"),
)
