"""What a page of a whole reading let slip, or what was told while it was read, is not taken for gone."""

from __future__ import annotations

from typing import Any

import pytest

from app.billing import invoicing
from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.foundation.database import transaction
from app.outbox import tray
from app.quickbooks import catalogue
from app.quickbooks.client import QuickBooks
from app.sync.records.links import LinkState
from app.sync.records.policies import WhenChangedThere, policy_of
from tests.billing.firm import ANN
from tests.sync.books import Books
from tests.sync.payment_desk import record, telling


def follow(books: Books) -> None:
    with transaction():
        policy_of(books.connection_id).changed_there = WhenChangedThere.FOLLOW


@pytest.fixture
def slips(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """(entity, id) of records that no page has, as if one before them had been deleted meanwhile."""
    lost: set[tuple[str, str]] = set()
    pages = QuickBooks.pages

    def with_a_gap(self: QuickBooks, connection_id: int, entity: str, where: Any = (), *more: Any, **named: Any) -> Any:
        for page in pages(self, connection_id, entity, where, *more, **named):
            yield page if where else [row for row in page if (entity, row["Id"]) not in lost]

    monkeypatch.setattr(QuickBooks, "pages", with_a_gap)
    return lost


def test_an_invoice_that_slipped_through_stays_and_is_not_voided(books: Books, slips: set[tuple[str, str]]) -> None:
    follow(books)
    invoice = books.invoice()
    slips.add(("Invoice", books.remote_id(invoice)))
    run = books.compare()
    assert (run.matches, run.drifts) == (1, 0)
    assert (books.fresh(invoice).status, books.link(invoice).state) == (DocumentStatus.OPEN, LinkState.LIVE)


def test_a_payment_that_slipped_through_still_pays(books: Books, slips: set[tuple[str, str]]) -> None:
    invoice = books.invoice()
    slips.add(("Payment", books.pay(invoice, "120.00")))
    books.listen()
    books.compare()
    assert books.fresh(invoice).status is DocumentStatus.PAID


def test_what_is_told_while_it_is_read_still_pays(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    telling(books)
    invoice, refresh, untold = books.invoice(), catalogue.refresh, [12_000]

    def told_meanwhile(*asked: Any) -> Any:
        if untold:
            record(books, pence := untold.pop(), (invoice, pence))
            books.send()
        return refresh(*asked)

    monkeypatch.setattr(catalogue, "refresh", told_meanwhile)
    books.compare()
    assert books.fresh(invoice).status is DocumentStatus.PAID


def test_what_is_only_not_found_there_is_left_to_a_person(books: Books) -> None:
    follow(books)
    invoice = books.invoice()
    with transaction():
        books.link(invoice).remote_id = "4711"
    books.compare()
    assert books.fresh(invoice).status is DocumentStatus.OPEN
    assert [drift.cause.value for drift in books.drifts()] == ["only_here", "duplicate"]


def test_an_edit_that_was_committed_while_it_waited_is_not_written_over(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As PostgreSQL lets it happen: whoever waits for the row reads what another has committed meanwhile."""
    follow(books)
    invoice, hold = books.invoice(), invoicing.hold
    issued, edits = invoice.issue_date, [1]

    def held(document: Document, version: int | None = None) -> None:
        if edits:
            tray.post(document.subject, document.entity.lane, asked=bool(edits.pop()))
        hold(document, version)

    monkeypatch.setattr(invoicing, "hold", held)
    books.simulation.handle("Invoice", books.remote_id(invoice), "edit", TxnDate="2026-11-10")
    books.listen()
    assert books.fresh(invoice).issue_date == issued


def test_a_void_invoice_that_quickbooks_never_heard_of_is_counted_apart(books: Books) -> None:
    document = books.firm.open()
    with transaction():
        invoicing.void(document, "typed twice", actor=ANN)
    assert books.compare().not_compared == "1 void, and never in QuickBooks"
