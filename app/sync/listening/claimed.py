"""Events that this process has claimed, and what becomes of them; one whose claim has lapsed touches them no more.

The due time that a claim writes is its mark: who was stopped for longer finds another's there, or the event settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.database import transaction
from app.quickbooks.errors import QuickBooksError, ReadsSpent, ReconnectNeeded, Throttled
from app.quickbooks.models import Connection, ConnectionState
from app.sync.listening.deliveries import Event, EventState
from app.sync.payments.applying import ENTITY as PAYMENT
from app.sync.records.effects import Effect

AT_ONCE = 100
"""Records read with one statement."""
MAX_TRIES = 10
CLAIMED_FOR = timedelta(minutes=2)
"""Other workers leave a claimed event alone so long; a worker that died gives it back after this."""
_LONGEST_WAIT = timedelta(hours=1)
"""No event is put off for longer: what is, was put off by a clock that was ahead and has been put back since."""
_WAIT_UNTIL_ACTIVE = timedelta(minutes=1)
_WAIT_FOR_ANSWER = (timedelta(minutes=1), timedelta(minutes=15))
_NOT_CONNECTED = "The company is not connected any more. Once it is connected again, catching up finds this change."


@dataclass(frozen=True)
class Claimed:
    """An event that this process takes in, as long as it is due at the moment that the claim wrote."""

    id: int
    entity: str
    remote_id: str
    verb: str
    deleted_id: str | None
    due_at: datetime
    tries: int = 0


def is_due(now: datetime) -> ColumnElement[bool]:
    """The condition that an event waits and is to be taken in now."""
    due = or_(Event.due_at <= now, Event.due_at > clock.latest(now) + _LONGEST_WAIT)
    return and_(Event.state == EventState.WAITING, due)


def claim(connection_id: int) -> list[Claimed]:
    """The due events of a company, claimed; none while the company is not connected.

    Where it waits for somebody to reconnect they wait too; where it was disconnected nobody will ever read them.
    """
    now = clock.now()
    with transaction() as session:
        state = session.get_one(Connection, connection_id).state
        rows = session.scalars(
            select(Event)
            .where(Event.connection_id == connection_id, is_due(now))
            # Payments first: after a month-end run thousands of events only echo what we wrote ourselves.
            .order_by(Event.entity != PAYMENT, Event.at, Event.id)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        ).all()
        if state is ConnectionState.DISCONNECTED:
            _leave(rows)
            return []
        is_active = state is ConnectionState.ACTIVE
        for row in rows:
            row.due_at = now + (CLAIMED_FOR if is_active else _WAIT_UNTIL_ACTIVE)
        return [_claimed(row) for row in rows] if is_active else []


def _leave(events: Sequence[Event]) -> None:
    for event in events:
        event.state, event.effect, event.processed_at = EventState.LEFT, _NOT_CONNECTED, clock.now()


def _claimed(row: Event) -> Claimed:
    return Claimed(
        row.id, row.entity, row.remote_id, row.verb, deleted_id=row.deleted_id, due_at=row.due_at, tries=row.tries
    )


def still_ours(session: Session, told: Sequence[Claimed]) -> list[Event]:
    """Those of the events that nobody else has claimed or settled meanwhile, locked; in the caller's transaction."""
    ids = [event.id for event in told]
    rows = session.scalars(
        select(Event).where(Event.id.in_(ids)).with_for_update().execution_options(populate_existing=True)
    )
    due_at = {event.id: event.due_at for event in told}
    return [row for row in rows if row.state is EventState.WAITING and row.due_at == due_at[row.id]]


def settle(told: Sequence[Claimed], effect: Effect) -> None:
    """They are taken in."""
    with transaction() as session:
        settle_rows(still_ours(session, told), effect)


def settle_rows(events: Sequence[Event], effect: Effect) -> None:
    """As `settle`, of events that are ours, in the caller's transaction."""
    for event in events:
        event.state = EventState.APPLIED if effect.changed else EventState.IGNORED
        event.effect, event.processed_at = effect.sentence, clock.now()


def after_trouble(told: Sequence[Claimed], problem: QuickBooksError) -> None:
    """A pause or a lost permission is nobody's fault and charges no try."""
    if isinstance(problem, Throttled | ReadsSpent):
        _wait(told, clock.now() + timedelta(seconds=problem.retry_after_seconds))
    elif isinstance(problem, ReconnectNeeded):
        _wait(told, clock.now() + _WAIT_UNTIL_ACTIVE)
    else:
        put_off(told, problem.message)


def await_answer(told: Sequence[Claimed], why: str) -> None:
    """Try again, however often: what it is about is still being told, and only that answer comes first.

    In a minute, and less often the longer ago it happened: the company may be paused for days, and to look is a read.
    """
    shortest, longest = _WAIT_FOR_ANSWER
    with transaction() as session:
        for event in still_ours(session, told):
            now = clock.now()
            event.due_at = now + min(max(now - event.at, shortest), longest)
            event.effect = why


def _wait(told: Sequence[Claimed], until: datetime) -> None:
    with transaction() as session:
        for event in still_ours(session, told):
            event.due_at = min(until, clock.now() + _LONGEST_WAIT)


def put_off(told: Sequence[Claimed], problem: str) -> None:
    """Try again in growing steps; after some tries the nightly comparison is left to find it."""
    with transaction() as session:
        for event in still_ours(session, told):
            event.tries += 1
            event.effect = problem
            event.due_at = clock.now() + timedelta(seconds=2**event.tries * 5)
            if event.tries >= MAX_TRIES:
                event.state = EventState.FAILED
