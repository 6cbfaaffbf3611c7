"""What is changed here after it was sent: one sparse update with all lines, and nothing of the bookkeeper's lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.billing import invoicing
from app.billing.content import DocumentContent
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.foundation.database import transaction
from app.outbox.models import MessageState, Priority
from app.sync.records.links import LinkState
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync import weather
from tests.sync.books import Books

DONE, PARKED, SENDING, WAITING = MessageState.DONE, MessageState.PARKED, MessageState.SENDING, MessageState.WAITING


def change(books: Books, document: Document, content: DocumentContent) -> None:
    with transaction():
        invoicing.change(books.fresh(document), content, actor=ANN)


def void(books: Books, document: Document) -> None:
    with transaction():
        invoicing.void(books.fresh(document), "twice", actor=ANN)


def told(books: Books, document: Document, content: DocumentContent) -> dict[str, Any]:
    """The record after an amendment, which must have cost one write and no read."""
    change(books, document, content)
    weather.forget(books)
    books.send()
    assert (weather.counts(books)["reads"], weather.counts(books)["writes"]) == (0, 1)
    assert weather.state(document) is DONE
    return books.simulation.record(books.link(document).entity, books.remote_id(document))


def amounts(record: dict[str, Any]) -> list[float]:
    return [line["Amount"] for line in record["Line"] if line["DetailType"] == "SalesItemLineDetail"]


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_a_line_that_is_taken_out_is_gone_there(books: Books, kind: DocumentKind) -> None:
    firm = books.firm
    document = firm.open(firm.line("100"), firm.line("50"), firm.line("25"), kind=kind)
    books.send()
    record = told(books, document, firm.content(firm.line("100"), firm.line("25")))
    assert (amounts(record), record["TotalAmt"]) == ([100, 25], 150)


def test_a_discount_becomes_a_line_of_its_own(books: Books) -> None:
    invoice = books.invoice()
    record = told(books, invoice, books.firm.content(books.firm.line("100", discount="10")))
    assert (amounts(record), record["TotalAmt"]) == ([100, -10], 108)


def test_another_client_makes_it_another_customers(books: Books) -> None:
    books.invoice(client=books.firm.bolt)
    invoice = books.invoice()
    record = told(books, invoice, books.firm.content(client=books.firm.bolt))
    assert record["CustomerRef"]["name"] == "Bolt"


def test_another_date_is_told(books: Books) -> None:
    invoice = books.invoice()
    later = replace(books.firm.content(), issue_date=date(2026, 3, 5), due_date=date(2026, 4, 5))
    record = told(books, invoice, later)
    assert (record["TxnDate"], record["DueDate"]) == ("2026-03-05", "2026-04-05")


def test_another_tax_code_changes_the_tax_there(books: Books) -> None:
    invoice = books.invoice()
    record = told(books, invoice, books.firm.content(books.firm.line("100", code="0.0% Z")))
    assert (record["TxnTaxDetail"]["TotalTax"], record["TotalAmt"]) == (0, 100)


def test_what_the_bookkeeper_wrote_stays(books: Books) -> None:
    books.simulation.control(f"companies/{REALM}/preferences", {"SalesFormsPrefs": {"AllowDeposit": True}})
    invoice = books.invoice()
    theirs: dict[str, Any] = {
        "DocNumber": "BOOK-7",
        "PrivateNote": "Agreed by phone",
        "CustomerMemo": {"value": "Thank you"},
        "CustomField": [{"DefinitionId": "1", "Name": "Crew", "Type": "StringType", "StringValue": "4711"}],
        "Deposit": "20.00",
        "DepositToAccountRef": {"value": "35"},
        "ShipDate": "2026-03-03",
    }
    books.simulation.handle("Invoice", books.remote_id(invoice), "edit", **theirs)
    books.listen()
    record = told(books, invoice, books.firm.content(books.firm.line("150")))
    assert {name: record[name] for name in ("DocNumber", "PrivateNote", "CustomerMemo", "ShipDate")} == {
        name: theirs[name] for name in ("DocNumber", "PrivateNote", "CustomerMemo", "ShipDate")
    }
    assert record["CustomField"][0]["StringValue"] == "4711"
    assert (record["Deposit"], record["TotalAmt"], record["Balance"]) == (20, 180, 160)


def test_a_memo_of_ours_that_is_taken_back_is_taken_back_there(books: Books) -> None:
    invoice = books.firm.draft()
    with transaction():
        invoicing.change(invoice, replace(books.firm.content(), memo="Net 30, please"), actor=ANN)
        invoicing.open_document(invoice, actor=ANN)
    books.send()
    assert books.simulation.record("Invoice", books.remote_id(invoice))["CustomerMemo"]["value"] == "Net 30, please"
    record = told(books, invoice, books.firm.content())
    assert not record.get("CustomerMemo", {}).get("value")


def test_payments_applied_there_forbid_a_void_and_are_listed(books: Books) -> None:
    invoice = books.invoice()
    paid = books.pay(invoice, "50.00")
    void(books, invoice)
    books.send()
    assert weather.state(invoice) is PARKED
    assert f"because £50.00 is applied to it there (payment {paid})" in weather.reason(invoice)
    assert books.simulation.record("Invoice", books.remote_id(invoice))["TotalAmt"] == 120


def test_taken_off_there_the_void_goes_when_it_is_sent_again(books: Books) -> None:
    invoice = books.invoice()
    paid = books.pay(invoice, "50.00")
    void(books, invoice)
    books.send()
    books.simulation.handle("Payment", paid, "delete")
    with transaction():
        invoicing.ask_to_send([books.fresh(invoice)], actor=ANN)
    weather.settle_all(books)
    assert books.link(invoice).state is LinkState.VOIDED


def test_a_payment_made_there_meanwhile_costs_a_void_one_read_and_is_not_undone(books: Books) -> None:
    invoice = books.invoice()
    books.simulation.handle("Invoice", books.remote_id(invoice), "edit", PrivateNote="Looked at")
    void(books, invoice)
    weather.forget(books)
    books.send()
    assert (weather.counts(books)["reads"], weather.counts(books)["writes"]) == (1, 2)
    assert books.link(invoice).state is LinkState.VOIDED


@pytest.mark.parametrize("edits", [1, 2, 5])
def test_edits_during_a_flight_are_told_together_behind_it(books: Books, edits: int) -> None:
    books.invoice()
    weather.order(books, "lost_after", kind="invoice", count=0)
    invoice = books.firm.open()
    books.send()
    weather.clear(books)
    for number in range(edits):
        change(books, invoice, books.firm.content(books.firm.line(str(200 + number))))
    weather.forget(books)
    weather.settle_all(books)
    assert (weather.counts(books)["writes"], weather.counts(books)["reads"]) == (2, 0)
    assert books.link(invoice).total_pence == (200 + edits - 1) * 120


def test_an_edit_during_the_flight_of_a_batch_is_told_behind_it(books: Books) -> None:
    books.invoice()
    drafts = [books.firm.draft() for _one in range(3)]
    weather.order(books, "lost_after", kind="batch", count=0)
    with transaction():
        for draft in drafts:
            invoicing.open_document(draft, actor=ANN, priority=Priority.RUN)
    books.send()
    weather.clear(books)
    change(books, drafts[1], books.firm.content(books.firm.line("150")))
    void(books, drafts[2])
    weather.settle_all(books)
    assert [books.link(draft).total_pence for draft in drafts] == [12000, 18000, 0]
    assert len(weather.there(books)) == 4


def test_edited_and_edited_back_is_told_once(books: Books) -> None:
    invoice = books.invoice()
    change(books, invoice, books.firm.content(books.firm.line("150")))
    record = told(books, invoice, books.firm.content())
    assert (amounts(record), record["SyncToken"]) == ([100], "1")
