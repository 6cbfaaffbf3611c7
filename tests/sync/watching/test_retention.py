"""What is old goes, a few rows at a time; what is still needed stays, however old."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.billing.document import Document
from app.foundation import clock
from app.foundation.database import db, transaction
from app.outbox import tray
from app.outbox.models import Message, MessageState
from app.sync.listening.deliveries import Delivery, Event, EventState
from app.sync.records.attempts import Attempt
from app.sync.records.envelopes import Envelope, EnvelopeState, Member
from app.sync.watching import retention, standing
from app.sync.watching.retention import RetentionDay
from app.sync.watching.standing import Place
from tests.sync.books import Books

LONG_AGO = timedelta(days=500)


@pytest.fixture(autouse=True)
def by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the hour is, and three rows at a time."""
    monkeypatch.setattr(retention, "FROM_HOUR", 0)
    monkeypatch.setattr(retention, "AT_ONCE", 3)


def age() -> None:
    """Let all that is there be 500 days old."""
    then = clock.now() - LONG_AGO
    moments: list[tuple[Any, dict[str, datetime]]] = [
        (Attempt, {"at": then}),
        (Envelope, {"stored_at": then, "answered_at": then}),
        (Message, {"posted_at": then, "settled_at": then}),
        (Event, {"processed_at": then}),
        (Delivery, {"arrived_at": then}),
    ]
    with transaction() as session:
        for table, values in moments:
            session.execute(update(table).values(**values))


def clear(books: Books, **settings: int) -> RetentionDay:
    """All steps of a day."""
    kept = books.engine.settings.model_copy(update=settings)
    while retention.step(kept):
        pass
    return today()


def today() -> RetentionDay:
    day = retention.last_day()
    assert day is not None
    return day


def number(table: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def sent_twice(books: Books) -> Document:
    """An invoice with two operations, both over."""
    document = books.invoice()
    with transaction():
        tray.post(document.subject, books.firm.entity.lane, asked=True)
        document.revision += 1
    books.send()
    return books.fresh(document)


def test_the_last_attempt_of_each_document_stays_with_its_operation(books: Books) -> None:
    document = sent_twice(books)
    age()
    day = clear(books)
    left = db.session.scalars(
        select(Attempt.message_id).where(Attempt.subject_id == document.id, Attempt.kind == "invoice")
    )
    (last,) = left
    assert (day.attempts, day.messages, day.ended_at is not None) == (1, 1, True)
    assert db.session.get_one(Message, last).state is MessageState.DONE
    assert standing.of_document(document).place is Place.THERE


def test_answered_envelopes_go_with_their_members(books: Books) -> None:
    sent_twice(books)
    age()
    day = clear(books)
    assert (day.envelopes > 0, number(Envelope), number(Member)) == (True, 0, 0)


def test_an_unanswered_envelope_stays_with_its_members_and_their_operations(books: Books) -> None:
    document = sent_twice(books)
    age()
    with transaction() as session:
        envelope = session.scalars(select(Envelope).order_by(Envelope.id.desc())).first()
        assert envelope is not None
        envelope.state, kept = EnvelopeState.STORED, envelope.id
    clear(books)
    assert list(db.session.scalars(select(Envelope.id))) == [kept]
    (member,) = db.session.scalars(select(Member))
    assert db.session.get_one(Message, member.message_id).subject_id == document.id


def test_what_waits_for_somebody_stays_with_all_its_attempts(books: Books) -> None:
    sent_twice(books)
    age()
    with transaction() as session:
        first = select(func.min(Message.id)).where(Message.kind == "invoice").scalar_subquery()
        session.execute(update(Message).values(state=MessageState.PARKED).where(Message.id == first))
    before = number(Attempt)
    assert clear(books).attempts == 0
    assert number(Attempt) == before


def test_young_rows_stay(books: Books) -> None:
    sent_twice(books)
    before = [number(table) for table in (Attempt, Envelope, Message)]
    day = clear(books)
    assert [number(table) for table in (Attempt, Envelope, Message)] == before
    assert (day.attempts, day.envelopes, day.messages) == (0, 0, 0)


def test_nought_days_keep_everything(books: Books) -> None:
    sent_twice(books)
    age()
    before = number(Attempt)
    clear(books, keep_log_days=0, keep_webhooks_days=0)
    assert number(Attempt) == before


def test_webhooks_go_once_their_events_were_taken_in(books: Books) -> None:
    books.pay(books.invoice(), "120.00")
    books.listen()
    age()
    day = clear(books)
    assert (day.events > 0, number(Event), number(Delivery)) == (True, 0, 0)


def test_an_event_that_failed_stays_with_its_delivery(books: Books) -> None:
    books.pay(books.invoice(), "120.00")
    books.listen()
    age()
    with transaction() as session:
        session.execute(update(Event).values(state=EventState.FAILED))
    clear(books)
    assert (number(Event) > 0, number(Delivery) > 0) == (True, True)


def test_a_page_of_events_that_failed_does_not_keep_what_lies_behind_it(books: Books) -> None:
    books.pay(books.invoice(), "120.00")
    books.listen()
    repeat_events(3 * retention.AT_ONCE)
    age()
    failed = list(db.session.scalars(select(Event.id).order_by(Event.id).limit(retention.AT_ONCE)))
    with transaction() as session:
        never_settled = update(Event).where(Event.id.in_(failed))
        session.execute(never_settled.values(state=EventState.FAILED, processed_at=None))
    clear(books)
    assert list(db.session.scalars(select(Event.id).order_by(Event.id))) == failed


def repeat_events(count: int) -> None:
    """So many more events like the first."""
    with transaction() as session:
        first = session.scalars(select(Event).order_by(Event.id)).first()
        assert first is not None
        alike = {
            name: getattr(first, name) for name in ("connection_id", "entity", "remote_id", "verb", "at", "due_at")
        }
        again = (Event(**alike, remote_event_id=f"again {number}", state=first.state) for number in range(count))
        session.add_all(again)


def test_a_day_is_cleared_once_and_goes_on_where_another_worker_stopped(books: Books) -> None:
    sent_twice(books)
    age()
    settings = books.engine.settings
    assert retention.step(settings)
    stopped = today().cursor
    assert stopped > 0
    clear(books)
    assert not retention.step(settings)
    assert number(RetentionDay) == 1


def test_nothing_is_cleared_before_its_hour(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "FROM_HOUR", 24)
    assert not retention.step(books.engine.settings)
    assert retention.last_day() is None
