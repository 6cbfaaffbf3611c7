"""What an event points to is read again and taken in; the event's own values are never trusted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.errors import PortalError
from app.foundation.logs import logger
from app.foundation.tenancy import acting_for, everywhere
from app.quickbooks import catalogue, statements
from app.quickbooks.errors import QuickBooksError, ReconnectNeeded, Throttled
from app.quickbooks.models import Connection, ConnectionState
from app.sync.deliveries import Event, EventState
from app.sync.effects import KNOWN, Effect
from app.sync.engine import Engine
from app.sync.links import links_to
from app.sync.payments import ENTITY as PAYMENT
from app.sync.taking import LISTS, TAKERS, Taker, take_merge

AT_ONCE = 100
"""Records read with one statement."""
MAX_TRIES = 10
CLAIMED_FOR = timedelta(minutes=2)
"""Other workers leave a claimed event alone so long; a worker that died gives it back after this."""
_WAIT_UNTIL_ACTIVE = timedelta(minutes=1)
_NOT_FOLLOWED = Effect(changed=False, sentence="Counterfoil does not follow this kind of record.")


@dataclass(frozen=True)
class _Claimed:
    """An event that this process takes in."""

    id: int
    entity: str
    remote_id: str
    verb: str
    deleted_id: str | None


def work(engine: Engine) -> int:
    """Take in all events that are due, company by company; returns how many were settled."""
    with everywhere():
        due = select(Event.connection_id, Event.organisation_id).where(
            Event.state == EventState.WAITING, Event.due_at <= clock.now()
        )
        companies = list(db.session.execute(due.distinct()))
    end_reading()
    return sum(_work_company(engine, connection_id, organisation) for connection_id, organisation in companies)


def _work_company(engine: Engine, connection_id: int, organisation_id: int) -> int:
    with acting_for(organisation_id):
        events = _claim(connection_id)
        settled = 0
        for entity in dict.fromkeys(event.entity for event in events):
            group = [event for event in events if event.entity == entity]
            settled += _work_entity(engine, connection_id, entity, group)
        return settled


def _claim(connection_id: int) -> list[_Claimed]:
    """The due events of a company, claimed; none while the company is not connected."""
    now = clock.now()
    with transaction() as session:
        is_active = session.get_one(Connection, connection_id).state is ConnectionState.ACTIVE
        rows = session.scalars(
            select(Event)
            .where(Event.connection_id == connection_id, Event.state == EventState.WAITING, Event.due_at <= now)
            # Payments first: after a month-end run thousands of events only echo what we wrote ourselves.
            .order_by(Event.entity != PAYMENT, Event.at, Event.id)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.due_at = now + (CLAIMED_FOR if is_active else _WAIT_UNTIL_ACTIVE)
        return [_claimed(row) for row in rows] if is_active else []


def _claimed(row: Event) -> _Claimed:
    return _Claimed(row.id, row.entity, row.remote_id, verb=row.verb, deleted_id=row.deleted_id)


def _work_entity(engine: Engine, connection_id: int, entity: str, events: Sequence[_Claimed]) -> int:
    """One read for all records of an entity, then each taken in by its own transaction."""
    take = TAKERS.get(entity)
    if take is None:
        _settle([event.id for event in events], _NOT_FOLLOWED)
        return len(events)
    by_record: dict[str, list[_Claimed]] = defaultdict(list)
    for event in events:
        by_record[event.remote_id].append(event)
    for remote_id in _echoes(connection_id, entity, by_record):
        _settle([event.id for event in by_record.pop(remote_id)], KNOWN)
    try:
        found = _read(engine, connection_id, entity, by_record)
    except QuickBooksError as problem:
        _after_trouble([event.id for told in by_record.values() for event in told], problem)
        return 0
    for remote_id, told in by_record.items():
        _take(take, connection_id, told, found.get(remote_id))
    return len(events)


def _echoes(connection_id: int, entity: str, by_record: Mapping[str, Sequence[_Claimed]]) -> list[str]:
    """Records of which only the making is told, and which we know: by the answer when we made them, or by a list.

    Whatever is done to them later has an event of its own. Payments are always read: their making is the news.
    """
    made = [remote_id for remote_id, told in by_record.items() if {event.verb for event in told} == {"created"}]
    if entity == PAYMENT or not made:
        return []
    known = catalogue.by_ids if entity in LISTS else links_to
    found = list(known(connection_id, entity, made))
    end_reading()
    return found


def _read(engine: Engine, connection_id: int, entity: str, ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """{id: record}; a record that is missing was deleted, or merged away."""
    if not ids:
        return {}
    chosen = statements.in_("Id", sorted(ids))
    conditions = (chosen, statements.EVEN_INACTIVE) if entity in LISTS else (chosen,)
    pages = engine.quickbooks.pages(connection_id, entity, conditions)
    return {str(row["Id"]): row for page in pages for row in page}


def _take(take: Taker, connection_id: int, told: Sequence[_Claimed], record: Mapping[str, Any] | None) -> None:
    """Take one record in; its trouble never stops the others."""
    ids, first = [event.id for event in told], told[0]
    try:
        effect = _taken(take, connection_id, told, record)
    except PortalError as problem:
        _put_off(ids, problem.message)
    except (IntegrityError, StaleDataError):
        _put_off(ids, "It was being changed by somebody else at that moment.")
    except Exception:  # noqa: BLE001 - a record of an unforeseen shape must not keep the company's others waiting
        logger().error("an event could not be taken in", entity=first.entity, exc_info=True)
        _put_off(ids, "Something unexpected happened; it was noted in the portal's own log.")
    else:
        _settle(ids, effect)


def _taken(take: Taker, connection_id: int, told: Sequence[_Claimed], record: Mapping[str, Any] | None) -> Effect:
    with transaction() as session:
        for event in told:
            if event.deleted_id:
                take_merge(connection_id, event.entity, event.deleted_id, into=event.remote_id)
        return take(session.get_one(Connection, connection_id), told[0].remote_id, record)


def _settle(event_ids: list[int], effect: Effect) -> None:
    with transaction() as session:
        for event_id in event_ids:
            event = session.get_one(Event, event_id)
            event.state = EventState.APPLIED if effect.changed else EventState.IGNORED
            event.effect, event.processed_at = effect.sentence, clock.now()


def _after_trouble(event_ids: list[int], problem: QuickBooksError) -> None:
    """A pause or a lost permission is nobody's fault and charges no try."""
    if isinstance(problem, Throttled):
        _wait(event_ids, clock.now() + timedelta(seconds=problem.retry_after_seconds))
    elif isinstance(problem, ReconnectNeeded):
        _wait(event_ids, clock.now() + _WAIT_UNTIL_ACTIVE)
    else:
        _put_off(event_ids, problem.message)


def _wait(event_ids: list[int], until: datetime) -> None:
    with transaction() as session:
        for event_id in event_ids:
            session.get_one(Event, event_id).due_at = until


def _put_off(event_ids: list[int], problem: str) -> None:
    """Try again in growing steps; after some tries the nightly comparison is left to find it."""
    with transaction() as session:
        for event_id in event_ids:
            event = session.get_one(Event, event_id)
            event.tries += 1
            event.effect = problem
            event.due_at = clock.now() + timedelta(seconds=2**event.tries * 5)
            if event.tries >= MAX_TRIES:
                event.state = EventState.FAILED
