"""What an event points to is read again and taken in; the event's own values are never trusted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.billing.payment import PaymentState
from app.billing.wording import amount
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.errors import PortalError
from app.foundation.tenancy import acting_for, everywhere
from app.quickbooks import answers, catalogue, statements
from app.quickbooks.errors import QuickBooksError, ReconnectNeeded, Throttled
from app.quickbooks.models import Connection, ConnectionState
from app.sync import landing, payments
from app.sync.deliveries import Event, EventState
from app.sync.drifts import DriftCause
from app.sync.engine import Engine
from app.sync.findings import report
from app.sync.links import Link, LinkState, links_to

AT_ONCE = 100
"""Records read with one statement."""
MAX_TRIES = 10
_LISTS = ("Customer", "Item", "Account", "Term")
_NOT_OURS = "About nothing of ours."


@dataclass(frozen=True)
class _Waiting:
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
        if db.session.get_one(Connection, connection_id).state is not ConnectionState.ACTIVE:
            end_reading()
            return 0
        events = _due(connection_id)
        end_reading()
        settled = 0
        for entity in {event.entity for event in events}:
            group = [event for event in events if event.entity == entity]
            settled += _work_entity(engine, connection_id, entity, group)
        return settled


def _due(connection_id: int) -> list[_Waiting]:
    rows = db.session.scalars(
        select(Event)
        .where(Event.connection_id == connection_id, Event.state == EventState.WAITING, Event.due_at <= clock.now())
        .order_by(Event.at, Event.id)
        .limit(AT_ONCE)
    )
    return [_Waiting(row.id, row.entity, row.remote_id, verb=row.verb, deleted_id=row.deleted_id) for row in rows]


def _work_entity(engine: Engine, connection_id: int, entity: str, events: Sequence[_Waiting]) -> int:
    """One read for all records of an entity, then each taken in by its own transaction."""
    take = _TAKERS.get(entity)
    if take is None:
        _settle([event.id for event in events], EventState.IGNORED, "Counterfoil does not follow this kind of record.")
        return len(events)
    by_record: dict[str, list[int]] = defaultdict(list)
    for event in events:
        by_record[event.remote_id].append(event.id)
    try:
        found = _read(engine, connection_id, entity, by_record)
    except (Throttled, ReconnectNeeded):
        return 0
    except QuickBooksError as problem:
        _put_off([event.id for event in events], problem.message)
        return 0
    for remote_id, ids in by_record.items():
        _take(take, connection_id, remote_id, (found.get(remote_id), ids))
    return len(events)


def _read(engine: Engine, connection_id: int, entity: str, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """{id: record}; a record that is missing was deleted, or merged away."""
    chosen = statements.in_("Id", sorted(ids))
    conditions = (chosen, statements.EVEN_INACTIVE) if entity in _LISTS else (chosen,)
    pages = engine.quickbooks.pages(connection_id, entity, conditions)
    return {str(row["Id"]): row for page in pages for row in page}


def _take(take: Taker, connection_id: int, remote_id: str, told: tuple[Mapping[str, Any] | None, list[int]]) -> None:
    record, event_ids = told
    try:
        with transaction() as session:
            effect = take(session.get_one(Connection, connection_id), remote_id, record)
    except PortalError as problem:
        _put_off(event_ids, problem.message)
        return
    _settle(event_ids, EventState.APPLIED if effect else EventState.IGNORED, effect or _NOT_OURS)


def _settle(event_ids: list[int], state: EventState, effect: str) -> None:
    with transaction() as session:
        for event_id in event_ids:
            event = session.get_one(Event, event_id)
            event.state, event.effect, event.processed_at = state, effect, clock.now()


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


def _take_payment(connection: Connection, remote_id: str, record: Mapping[str, Any] | None) -> str | None:
    if record is None:
        return payments.remove(connection.id, remote_id, PaymentState.REMOVED)
    return payments.take_in(connection, answers.payment(record))


def _document(entity: str) -> Taker:
    def take(connection: Connection, remote_id: str, record: Mapping[str, Any] | None) -> str | None:
        link = links_to(connection.id, entity, [remote_id]).get(remote_id)
        if link is None:
            return None
        return _changed_there(link, connection, record)

    return take


def _changed_there(link: Link, connection: Connection, record: Mapping[str, Any] | None) -> str | None:
    """A document of ours was touched: keep the newer picture, and tell what differs from what we told."""
    if record is None:
        return _gone(link, LinkState.REMOVED, DriftCause.REMOVED_THERE, "deleted")
    seen = answers.document(record)
    if _is_known(link, seen):
        return None
    before, voided_by_us = link.total_pence, link.state is LinkState.VOIDED
    landing.take_picture(link, seen)
    if seen.voided and not voided_by_us:
        return _gone(link, LinkState.VOIDED, DriftCause.VOIDED_THERE, "voided")
    if before == seen.total_pence:
        return f"{link.entity} {link.remote_id} was seen anew; its amount is unchanged."
    ours, theirs = (
        amount(pence or 0, seen.currency or connection.home_currency) for pence in (before, seen.total_pence)
    )
    link.difference_pence = seen.total_pence - (before or 0)
    report(link, DriftCause.AMOUNT, ours, theirs)
    return f"{link.entity} {link.remote_id} was changed in QuickBooks: {theirs} instead of {ours}."


def _is_known(link: Link, seen: answers.DocumentSeen) -> bool:
    """Our own change come back, or an older one: nothing newer than what the last answer showed."""
    return seen.sync_token == link.sync_token and seen.balance_pence == link.balance_pence


def _gone(link: Link, state: LinkState, cause: DriftCause, word: str) -> str | None:
    if link.state is not LinkState.LIVE:
        return None
    link.state = state
    report(link, cause, "in QuickBooks", f"{word} in QuickBooks")
    return f"{link.entity} {link.remote_id} was {word} in QuickBooks. It is never made again by itself."


def _named(entity: str) -> Taker:
    def take(connection: Connection, remote_id: str, record: Mapping[str, Any] | None) -> str | None:
        if record is None:
            catalogue.forget(db.session(), connection.id, entity, remote_id)
            return f"{entity} {remote_id} is gone from QuickBooks."
        row = catalogue.note(db.session(), connection.id, entity, record)
        link = links_to(connection.id, entity, [remote_id]).get(remote_id)
        if link is not None:
            link.sync_token = row.sync_token
            link.state = LinkState.LIVE if row.active else LinkState.REMOVED
        return f"{entity} “{row.name}” was read anew."

    return take


Taker = Callable[[Connection, str, "Mapping[str, Any] | None"], "str | None"]

_TAKERS: dict[str, Taker] = {
    "Payment": _take_payment,
    "Invoice": _document("Invoice"),
    "CreditMemo": _document("CreditMemo"),
    **{entity: _named(entity) for entity in _LISTS},
}
