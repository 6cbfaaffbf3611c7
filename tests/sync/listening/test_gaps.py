"""When a company is caught up with: after an outage of ours, reconnected, where webhooks are silent; else never."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.foundation import clock
from app.foundation.database import transaction
from app.sync.listening import catchup, heartbeats
from app.sync.listening.cursors import Gap
from app.sync.records.attempts import Attempt
from tests.sync import weather
from tests.sync.books import Books, connection
from tests.sync.catching_up import catch_up, gaps, lose_webhooks, put_back


def test_an_outage_of_ours_makes_every_company_due_once(books: Books) -> None:
    assert gaps(books) == []
    heartbeats.beat("worker:1")
    assert gaps(books) == [Gap.OUTAGE]
    catchup.work(books.engine)
    heartbeats.beat("worker:2")
    assert gaps(books) == []


def test_a_reconnected_company_is_due(books: Books) -> None:
    catch_up(books)
    books.reconnect()
    assert gaps(books) == [Gap.RECONNECTED]
    assert catch_up(books, Gap.RECONNECTED).last_gap is Gap.RECONNECTED
    assert gaps(books) == []


@pytest.fixture
def quiet(books: Books) -> Books:
    """Something of ours was sent two hours ago, and it was asked then what changed."""
    books.invoice()
    ago = clock.now() - timedelta(hours=2)
    put_back(books, started_at=ago)
    with transaction() as session:
        connection(books).connected_at = ago
        for attempt in session.scalars(select(Attempt)):
            attempt.at = ago
    return books


def test_where_our_own_writes_find_no_echo_it_is_asked_each_hour(quiet: Books) -> None:
    assert gaps(quiet) == [Gap.SILENCE]
    catchup.work(quiet.engine)
    assert gaps(quiet) == []


def test_where_webhooks_come_it_is_not_asked(quiet: Books) -> None:
    quiet.listen()
    assert gaps(quiet) == []


def test_where_nothing_changes_it_is_not_asked(books: Books) -> None:
    ago = clock.now() - timedelta(hours=5)
    put_back(books, started_at=ago)
    with transaction():
        connection(books).connected_at = ago
    assert gaps(books) == []


def test_what_was_missed_once_is_watched_each_hour(books: Books) -> None:
    books.pay(books.invoice(), "120.00")
    lose_webhooks(books)
    with weather.held_clock() as held:
        put_back(books)
        held.move(timedelta(minutes=30))
        assert catch_up(books).missed_at is not None
        held.move(timedelta(minutes=50))
        assert gaps(books) == []
        held.move(timedelta(minutes=20))
        assert gaps(books) == [Gap.SILENCE]
