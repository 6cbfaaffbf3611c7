"""The measured rate: from the first that was settled lately, and honest where nothing is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.foundation import clock
from app.foundation.database import db
from app.sync.watching.speed import measured, rate
from tests.sync.books import Books

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def ago(seconds: int) -> datetime:
    return NOON - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("number", "first", "last", "found"),
    [
        (60, 30, 1, 120.0),
        (60, 300, 1, 12.0),
        (2, 30, 1, None),
        (60, 300, 61, None),
        (30, 0, 0, 180.0),
    ],
)
def test_the_rate_counts_from_the_first_and_is_unknown_once_it_is_stale(
    number: int, first: int, last: int, found: float | None
) -> None:
    assert rate(number, ago(first), ago(last), NOON) == found


def test_what_was_settled_lately_is_counted(books: Books) -> None:
    assert measured(books.connection_id, clock.now()) is None
    books.invoice()
    db.session.rollback()
    now = clock.now()
    assert measured(books.connection_id, now) == 18.0
    assert measured(books.connection_id, now + timedelta(minutes=6)) is None


def test_what_was_settled_before_the_queue_began_says_nothing_of_its_pace(books: Books) -> None:
    """Three lone writes in a quiet minute are not the pace of a month-end that was opened just now."""
    books.invoice()
    db.session.rollback()
    now = clock.now()
    assert measured(books.connection_id, now, since=now - timedelta(minutes=1)) == 18.0
    assert measured(books.connection_id, now, since=now) is None
