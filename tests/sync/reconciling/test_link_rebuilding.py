"""After an accident: lost links are found again from QuickBooks' side, and nothing is sent."""

from __future__ import annotations

from sqlalchemy import delete

from app.billing.document import Document
from app.foundation.database import end_reading, transaction
from app.sync.first_day.history_matching import Sameness
from app.sync.reconciling import link_checking, link_rebuilding
from app.sync.records.links import Link, link_of
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books


def lose_links(*documents: Document) -> None:
    with transaction() as session:
        ids = [document.id for document in documents]
        session.execute(delete(Link).where(Link.kind.in_(("invoice", "credit_note")), Link.subject_id.in_(ids)))


def is_linked(books: Books, document: Document) -> bool:
    end_reading()
    return link_of(books.connection_id, document.subject) is not None


def test_a_dry_run_shows_and_ties_nothing(books: Books) -> None:
    invoice = books.invoice()
    lose_links(invoice)
    found = link_rebuilding.look(books.engine.quickbooks, books.connection_id)
    assert [one.ours.number for one in found.exact] == [invoice.number]
    assert not is_linked(books, invoice)


def test_lost_links_are_tied_again_and_nothing_is_sent(books: Books) -> None:
    lost = books.invoice(), books.credit_note("40")
    lose_links(*lost)
    weather.forget(books)
    found = link_rebuilding.look(books.engine.quickbooks, books.connection_id)
    assert link_rebuilding.write(found, ANN) == 2
    books.send()
    assert all(is_linked(books, document) for document in lost)
    assert weather.counts(books)["writes"] == 0
    assert link_checking.check(books.engine.quickbooks, books.connection_id) == []


def test_what_differs_is_left_to_a_person(books: Books) -> None:
    invoice = books.invoice()
    books.simulation.handle("Invoice", books.remote_id(invoice), "edit", TxnDate="2025-01-01")
    lose_links(invoice)
    found = link_rebuilding.look(books.engine.quickbooks, books.connection_id)
    assert [one.sameness for one in found.matches] == [Sameness.AMBIGUOUS]
    assert link_rebuilding.write(found, ANN) == 0
