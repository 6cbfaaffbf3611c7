"""Between whole readings, once a week, only what changed is read; what is not certain is read whole."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.foundation import clock
from app.foundation.database import db, transaction
from app.quickbooks.answers import DocumentSeen
from app.sync.comparing import pictures
from app.sync.comparing.drifts import DriftCause, ReconciliationRun
from app.sync.reconciling import company_reading
from tests.sync.books import Books


def age(books: Books, by: timedelta) -> None:
    """All runs of the company were so much earlier, by both clocks."""
    with transaction() as session:
        for run in session.query(ReconciliationRun):
            run.asked_at -= by
            assert run.read_until is not None
            run.read_until -= by


def test_the_first_run_reads_everything_and_the_next_what_changed(books: Books) -> None:
    books.invoice()
    first, second = books.compare(), books.compare()
    assert (first.is_full, first.reads) == (True, 4)
    assert (second.is_full, second.reads, second.documents, second.matches) == (False, 1, 1, 1)


@pytest.mark.parametrize(("days", "is_full"), [(6, False), (7, True)])
def test_once_a_week_everything_is_read(books: Books, *, days: int, is_full: bool) -> None:
    books.invoice()
    books.compare()
    age(books, timedelta(days=days))
    assert books.compare().is_full is is_full


def test_a_company_in_which_nothing_was_seen_is_read_whole_again(books: Books) -> None:
    assert [books.compare().is_full, books.compare().is_full] == [True, True]


def test_a_new_connection_begins_with_everything(books: Books) -> None:
    books.invoice()
    books.compare()
    books.reconnect()
    assert books.compare().is_full


def test_deletions_are_told_by_the_changes_and_stay_told(books: Books) -> None:
    invoice = books.invoice()
    books.compare()
    books.simulation.handle("Invoice", books.remote_id(invoice), "delete")
    runs = [books.compare(), books.compare()]
    assert [(run.is_full, run.drifts) for run in runs] == [(False, 1), (False, 1)]
    assert [drift.cause for drift in books.drifts()] == [DriftCause.REMOVED_THERE]


def test_payments_deleted_there_are_told_by_the_changes(books: Books) -> None:
    invoice = books.invoice()
    paid = books.pay(invoice, "50.00")
    books.compare()
    books.simulation.handle("Payment", paid, "delete")
    assert (books.compare().payments_found, books.fresh(invoice).settled_pence) == (1, 0)


def test_changes_that_can_t_be_told_are_read_whole(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    books.invoice()
    books.compare()
    monkeypatch.setattr("app.sync.listening.windows.MOST", 1)
    assert books.compare().is_full


def test_pictures_keep_all_that_is_compared(books: Books) -> None:
    invoice = books.invoice()
    books.compare()
    (seen,) = pictures.documents(books.connection_id).values()
    assert (seen.id, seen.total_pence, seen.lines[0].amount_pence) == (books.remote_id(invoice), 12000, 10000)
    assert isinstance(seen, DocumentSeen)


def test_how_far_was_read_is_the_newest_change_of_quickbooks(books: Books) -> None:
    books.invoice()
    run = books.compare()
    newest: datetime | None = next(iter(pictures.documents(books.connection_id).values())).updated_at
    assert run.read_until == newest
    assert clock.now() - company_reading.LOOKS_BACK < db.session.get_one(ReconciliationRun, run.id).asked_at
