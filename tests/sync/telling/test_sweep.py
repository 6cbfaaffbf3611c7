"""The sweep finds every lane with work, and leaves alone those that wait for a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from app.billing import invoicing
from app.billing.entity import BillingEntity
from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db, end_reading, transaction
from app.foundation.tenancy import current_organisation
from app.outbox import tray
from app.outbox.models import Lane, Mode, Subject
from app.quickbooks.lease import release, take_lease
from app.quickbooks.models import ConnectionState
from app.sync.telling import sweep
from tests.billing.firm import ANN
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


def test_a_lane_is_left_alone_while_all_that_is_due_waits_for_an_answer_about_its_own_subject(books: Books) -> None:
    books.invoice()
    weather.order(books, "lost_before", kind="invoice", count=0)
    invoice = books.firm.open()
    books.send()
    weather.delay()
    with transaction():
        invoicing.change(books.fresh(invoice), books.firm.content(books.firm.line("150")), actor=ANN)
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


def test_a_lane_that_somebody_tells_right_now_is_left_alone(books: Books) -> None:
    books.firm.open()
    lease = take_lease(connection(books).realm, "another", clock.now(), 25)
    assert lease is not None
    assert not found(books)
    assert sweep.lanes_with_work(has_ended=lambda holder: holder == "another")
    release(lease)
    assert found(books)


def test_a_lane_whose_holder_cannot_be_judged_does_not_keep_the_others_waiting(books: Books) -> None:
    books.firm.open()
    with transaction():
        tray.post(Subject("invoice", 1), Lane(books.firm.entity.id + 1, Mode.LIVE))
    lease = take_lease(connection(books).realm, "another", clock.now(), 25)
    assert lease is not None
    assert {lane.billing_entity_id for _who, lane in sweep.lanes_with_work(_stumbles)} == {books.firm.entity.id + 1}
    release(lease)
    assert found(books)


def _stumbles(_holder: str) -> bool:
    raise ValueError("not enough values to unpack")


def test_a_lane_whose_company_rests_is_left_alone_until_a_drain_would_wait_for_it(books: Books) -> None:
    books.firm.open()
    books.engine.quickbooks.governor.pause(connection(books).realm, clock.now() + timedelta(seconds=60), "asked")
    assert not found(books)
    with weather.held_clock():
        clock.sleep(51)
        assert found(books)


def test_a_lane_without_a_connection_is_found_for_its_reasons_must_be_written(books: Books) -> None:
    books.firm.open()
    with transaction():
        connection(books).state = ConnectionState.DISCONNECTED
    assert found(books)


@contextmanager
def questions() -> Iterator[list[str]]:
    """What the database is asked in this block."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_each_night_is_claimed_once_and_until_then_one_question_is_asked(books: Books) -> None:
    with weather.held_clock() as held:
        assert isinstance(held, HeldClock)
        held.move(timedelta(hours=27) - timedelta(hours=clock.now().hour))  # the next day, at three
        with transaction() as session:
            entity = session.get_one(BillingEntity, books.firm.entity.id)
            entity.time_zone = "UTC"
        assert [sweep.claim_nights(), sweep.claim_nights()] == [1, 0]
        with questions() as asked:
            sweep.claim_nights()
        assert len(asked) == 1
        held.move(timedelta(hours=22))  # one in the morning
        assert sweep.claim_nights() == 0
        held.move(timedelta(hours=1))
        assert sweep.claim_nights() == 1
