"""What a bookkeeper changes in QuickBooks is the same here, where the policy or a person says so, and only then."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.billing import invoicing
from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.foundation.database import transaction
from app.outbox import lanes
from app.quickbooks import answers, catalogue
from app.sync.comparing.drifts import DriftCause
from app.sync.comparing.following import follow
from app.sync.records.policies import WhenChangedThere, policy_of
from tests.billing.firm import ANN, told
from tests.sync.books import Books
from tests.sync.comparing.test_told_lines import edit_lines, sold


@pytest.fixture
def following(books: Books) -> Books:
    """The books of a firm that follows."""
    with transaction():
        policy_of(books.connection_id).changed_there = WhenChangedThere.FOLLOW
    return books


def edit(books: Books, document: Document, **wanted: object) -> Document:
    books.simulation.handle("Invoice", books.remote_id(document), "edit", **wanted)
    books.listen()
    return books.fresh(document)


def raised(books: Books, document: Document, quantity: int) -> Document:
    lines = sold(books, document)
    lines[0]["SalesItemLineDetail"]["Qty"], lines[0]["Amount"] = quantity, 100 * quantity
    edit_lines(books, document, lines)
    books.listen()
    return books.fresh(document)


def test_unless_told_otherwise_nothing_changes_here(books: Books) -> None:
    invoice = raised(books, books.invoice(), 2)
    assert invoice.gross_pence == 12000
    assert [drift.cause for drift in books.drifts()] == [DriftCause.QUANTITY]


def test_a_quantity_is_followed_and_sent_to_nobody(following: Books) -> None:
    invoice = raised(following, following.invoice(), 2)
    link = following.link(invoice)
    assert (invoice.gross_pence, invoice.revision, link.told_revision) == (24000, 2, 2)
    assert (following.drifts(), lanes.busy_subjects("invoice", following.firm.entity.lane)) == ([], set())
    assert told(invoice.subject)[-1] == (
        "Taken over from the books: INV-00001 over £120.00 became INV-00001 over £240.00."
    )


def test_what_was_sent_after_it_was_read_is_not_taken_back(books: Books) -> None:
    invoice = books.invoice()
    read = answers.document(books.simulation.record("Invoice", books.remote_id(invoice)))
    with transaction():
        invoicing.change(books.fresh(invoice), books.firm.content(books.firm.line("150")), actor=ANN)
    books.send()
    with transaction():
        why = follow(books.link(invoice), books.fresh(invoice), read, [DriftCause.AMOUNT], actor=ANN)
    assert why == "It was sent anew after it was read. Compare both sides again."
    assert books.fresh(invoice).gross_pence == 18_000


def test_a_line_that_stays_keeps_its_discount(following: Books) -> None:
    invoice = following.firm.open(following.firm.line("10", discount="10"), following.firm.line("20"))
    following.send()
    lines = sold(following, invoice)
    lines[-1]["SalesItemLineDetail"]["Qty"], lines[-1]["Amount"] = 3, 60
    edit_lines(following, invoice, lines)
    following.listen()
    first, second = following.fresh(invoice).lines
    assert (first.discount_percent, first.net_pence, second.quantity, second.net_pence) == (
        Decimal(10),
        900,
        Decimal(3),
        6000,
    )


def test_dates_numbers_and_clients_are_followed(following: Books) -> None:
    invoice = following.invoice()
    bolts = following.customer(following.invoice(client=following.firm.bolt))
    edited = edit(following, invoice, TxnDate="2026-02-27", DocNumber="OTHER-1", CustomerRef={"value": bolts})
    assert (edited.issue_date, edited.number, edited.client_id) == (
        date(2026, 2, 27),
        "OTHER-1",
        following.firm.bolt.id,
    )
    assert following.drifts() == []


@pytest.mark.parametrize("act", ["void", "delete"])
def test_what_is_voided_or_deleted_there_is_void_here(following: Books, act: str) -> None:
    invoice = following.invoice()
    following.simulation.handle("Invoice", following.remote_id(invoice), act)
    following.listen()
    assert (following.fresh(invoice).status, following.drifts()) == (DocumentStatus.VOID, [])


def test_a_client_who_has_not_paid_is_not_billed_for_what_another_paid(following: Books) -> None:
    invoice = following.invoice()
    bolts = following.customer(following.invoice(client=following.firm.bolt))
    following.firm.learn(5000, (invoice, 5000))
    edited = edit(following, invoice, CustomerRef={"value": bolts})
    assert (edited.client_id, edited.revision) == (following.firm.acme.id, 1)
    assert [drift.cause for drift in following.drifts()] == [DriftCause.CUSTOMER]


def test_a_number_that_another_document_has_is_told(following: Books) -> None:
    one, two = following.invoice(), following.firm.open()
    assert edit(following, one, DocNumber=two.number).number == one.number
    assert [drift.cause for drift in following.drifts()] == [DriftCause.NUMBER]


def test_an_item_that_stands_for_nothing_here_is_told(following: Books) -> None:
    invoice = following.invoice()
    lines = sold(following, invoice)
    mapped = lines[0]["SalesItemLineDetail"]
    other = next(row for row in catalogue.all_active(following.connection_id, "Item") if row.name != "SUP")
    added = {**lines[0], "Id": None, "SalesItemLineDetail": {**mapped, "ItemRef": {"value": other.remote_id}}}
    edit_lines(following, invoice, [*lines, added])
    following.listen()
    assert following.fresh(invoice).gross_pence == 12000
    assert [drift.cause for drift in following.drifts()] == [DriftCause.LINE_ADDED]


def test_what_was_changed_here_meanwhile_is_not_overwritten(following: Books) -> None:
    invoice = following.invoice()
    following.simulation.handle("Invoice", following.remote_id(invoice), "edit", DocNumber="OTHER-1")
    with transaction():
        following.link(invoice).told_revision = 7
    following.compare()
    assert following.fresh(invoice).number == "INV-00001"


def test_what_no_event_told_is_followed_at_night(following: Books) -> None:
    moved, gone = following.invoice(), following.invoice()
    following.simulation.handle("Invoice", following.remote_id(moved), "edit", TxnDate="2026-02-27")
    following.simulation.handle("Invoice", following.remote_id(gone), "delete")
    run = following.compare()
    assert (run.drifts, run.problem) == (0, None)
    assert following.fresh(moved).issue_date == date(2026, 2, 27)
    assert following.fresh(gone).status is DocumentStatus.VOID
    assert following.compare().drifts == 0


def test_what_is_void_here_and_not_there_is_told(following: Books) -> None:
    invoice = following.invoice()
    with transaction():
        invoicing.mark_void(following.fresh(invoice), "typed twice", ANN)
    following.compare()
    assert [drift.cause for drift in following.drifts()] == [DriftCause.VOIDED_THERE]
