"""How soon this side knows, from stored moments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.foundation import clock
from app.foundation.database import db, transaction
from app.sync.listening.deliveries import Delivery, Event
from app.sync.watching.lags import Hearing, Lag, hearing, lag, spelt
from tests.sync.books import Books
from tests.sync.catching_up import catch_up, lose_webhooks, put_back

GRACE = timedelta(minutes=10)


def heard(books: Books) -> Hearing:
    db.session.rollback()
    return hearing(books.connection_id, clock.now(), GRACE)


def test_nothing_was_told_and_nothing_missed(books: Books) -> None:
    found = heard(books)
    assert (found.paid, found.missed, found.cursor) == (None, None, None)


def test_from_the_arrival_of_a_webhook_to_the_payment_applied(books: Books) -> None:
    put_back(books)
    books.pay(books.invoice(), "120.00")
    books.listen()
    with transaction() as session:
        for delivery in session.scalars(select(Delivery)):
            delivery.arrived_at -= timedelta(seconds=7)
    found = heard(books)
    assert found.paid is not None
    assert (found.paid.number, found.paid.words) == (1, spelt(found.paid.longest))
    assert found.paid.longest >= timedelta(seconds=7)
    assert found.cursor is not None
    assert found.cursor.heard_at is not None


def test_what_was_found_in_time_was_not_missed(books: Books) -> None:
    books.pay(books.invoice(), "120.00")
    lose_webhooks(books)
    assert catch_up(books).found == 2
    assert heard(books).missed is None


def test_from_a_missed_change_to_its_finding(books: Books) -> None:
    books.pay(books.invoice(), "120.00")
    lose_webhooks(books)
    catch_up(books)
    with transaction() as session:
        for event in session.scalars(select(Event)):
            event.at -= timedelta(hours=3)
    missed = heard(books).missed
    assert missed is not None
    assert (missed.number, missed.words) == (2, "3 h in the middle, 3 h at most")


def test_what_kept_it_from_its_end_is_told(books: Books) -> None:
    put_back(books, problem="QuickBooks is busy.", held_until=clock.now() + GRACE)
    seen = heard(books).cursor
    assert seen is not None
    assert (seen.problem, seen.again_at is not None) == ("QuickBooks is busy.", True)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0.0 s"), (0.44, "0.4 s"), (59, "59 s"), (119, "119 s"), (180, "3 min"), (7200, "2 h"), (200_000, "2 days")],
)
def test_a_time_is_spelt_in_its_largest_unit(seconds: float, words: str) -> None:
    assert spelt(timedelta(seconds=seconds)) == words


def test_a_clock_that_was_put_back_makes_nothing_shorter_than_nothing() -> None:
    assert lag([timedelta(seconds=-3), timedelta(seconds=5)]) == Lag(2, timedelta(seconds=2.5), timedelta(seconds=5))
