"""The sweep finds every lane with work, and leaves alone those that wait for a person."""

from __future__ import annotations

from app.foundation import clock
from app.foundation.database import end_reading, transaction
from app.foundation.tenancy import current_organisation
from app.quickbooks.models import ConnectionState
from app.sync import sweep
from tests.sync import weather
from tests.sync.books import Books, connection


def found(books: Books) -> bool:
    end_reading()
    return (current_organisation(), books.firm.entity.lane) in sweep.lanes_with_work()


def test_a_lane_with_something_due_is_found(books: Books) -> None:
    assert not found(books)
    books.firm.open()
    assert found(books)
    books.send()
    assert not found(books)


def test_a_lane_with_an_unanswered_envelope_is_found_when_it_is_due(books: Books) -> None:
    books.invoice()
    weather.order(books, "lost_before", kind="invoice", count=0)
    books.firm.open()
    books.send()
    weather.delay()
    assert not found(books)
    weather.hurry()
    assert found(books)


def test_a_paused_lane_is_left_alone(books: Books) -> None:
    books.firm.open()
    weather.rule(books, paused_at=clock.now())
    assert not found(books)


def test_a_lane_to_be_reconnected_is_left_alone(books: Books) -> None:
    books.firm.open()
    with transaction():
        connection(books).state = ConnectionState.RECONNECT
    assert not found(books)


def test_a_lane_without_a_connection_is_found_for_its_reasons_must_be_written(books: Books) -> None:
    books.firm.open()
    with transaction():
        connection(books).state = ConnectionState.DISCONNECTED
    assert found(books)
