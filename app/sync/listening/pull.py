"""What an event points to is read again and taken in; the event's own values are never trusted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
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
from app.quickbooks.errors import QuickBooksError
from app.quickbooks.models import Connection
from app.sync.company import news as company_news
from app.sync.engine import Engine
from app.sync.listening import claimed
from app.sync.listening.claimed import Claimed
from app.sync.listening.deliveries import Event
from app.sync.listening.taking import LISTS, TAKERS, Taker, take_merge
from app.sync.payments.applying import ENTITY as PAYMENT
from app.sync.records.effects import KNOWN, AnswerIsOutError, Effect
from app.sync.records.holding import hold
from app.sync.records.links import links_to

_PATIENCE_SECONDS = 5.0
"""One thread listens for all companies: where one has to wait for longer, its events come again when it is free."""
_ENDS = frozenset({"deleted", "merged"})
_MISSED = 2
"""How often a record may be missing of which nobody has said that it is gone: what was just written is not always
listed at once (reference 10.11), and what is taken for deleted opens invoices again, or voids them by policy."""
_NOT_LISTED = "QuickBooks does not list it just now; it is looked for again in a moment."
_NOT_FOLLOWED = Effect(changed=False, sentence="Counterfoil does not follow this kind of record.")


def work(engine: Engine) -> int:
    """Take in all events that are due, company by company; returns how many were settled."""
    with everywhere():
        due = select(Event.connection_id, Event.organisation_id).where(claimed.is_due(clock.now()))
        companies = list(db.session.execute(due.distinct()))
    end_reading()
    return sum(work_company(engine, connection_id, organisation) for connection_id, organisation in companies)


def work_company(engine: Engine, connection_id: int, organisation_id: int) -> int:
    """Take in some of a company's events that are due; returns how many were settled."""
    with acting_for(organisation_id):
        events = claimed.claim(connection_id)
        settled = 0
        for entity in dict.fromkeys(event.entity for event in events):
            group = [event for event in events if event.entity == entity]
            settled += _work_entity(engine, connection_id, entity, group)
        return settled


def _work_entity(engine: Engine, connection_id: int, entity: str, events: Sequence[Claimed]) -> int:
    """One read for all records of an entity, then each taken in by its own transaction."""
    take = TAKERS.get(entity)
    if entity == company_news.PREFERENCES:
        return _look_at_company(engine, connection_id, events)
    if take is None:
        claimed.settle(events, _NOT_FOLLOWED)
        return len(events)
    by_record: dict[str, list[Claimed]] = defaultdict(list)
    for event in events:
        by_record[event.remote_id].append(event)
    for remote_id in _echoes(connection_id, entity, by_record):
        claimed.settle(by_record.pop(remote_id), KNOWN)
    try:
        found = _read(engine, connection_id, entity, by_record)
    except QuickBooksError as problem:
        claimed.after_trouble([event for told in by_record.values() for event in told], problem)
        return 0
    for remote_id, told in by_record.items():
        _take(take, connection_id, told, found.get(remote_id))
    return len(events)


def _look_at_company(engine: Engine, connection_id: int, events: Sequence[Claimed]) -> int:
    """Its settings were changed there: the books may be closed now, or open again."""
    try:
        company_news.look_again(engine.quickbooks, connection_id, patience_seconds=_PATIENCE_SECONDS)
    except QuickBooksError as problem:
        claimed.after_trouble(events, problem)
        return 0
    claimed.settle(events, Effect(changed=True, sentence="The company's settings were read anew."))
    return len(events)


def _echoes(connection_id: int, entity: str, by_record: Mapping[str, Sequence[Claimed]]) -> list[str]:
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
    pages = engine.quickbooks.pages(connection_id, entity, conditions, patience_seconds=_PATIENCE_SECONDS)
    return {str(row["Id"]): row for page in pages for row in page}


def _take(take: Taker, connection_id: int, told: Sequence[Claimed], record: Mapping[str, Any] | None) -> None:
    """Take one record in; its trouble never stops the others."""
    if record is None and not _is_told_gone(told) and max(event.tries for event in told) < _MISSED:
        claimed.put_off(told, _NOT_LISTED)
        return
    try:
        _take_in(take, connection_id, told, record)
    except AnswerIsOutError as patience:
        claimed.await_answer(told, patience.message)
    except PortalError as problem:
        claimed.put_off(told, problem.message)
    except (IntegrityError, StaleDataError):
        claimed.put_off(told, "It was being changed by somebody else at that moment.")
    except Exception:  # noqa: BLE001 - a record of an unforeseen shape must not keep the company's others waiting
        logger().error("an event could not be taken in", entity=told[0].entity, exc_info=True)
        claimed.put_off(told, "Something unexpected happened; it was noted in the portal's own log.")


def _is_told_gone(told: Sequence[Claimed]) -> bool:
    return any(event.verb in _ENDS for event in told)


def _take_in(take: Taker, connection_id: int, told: Sequence[Claimed], record: Mapping[str, Any] | None) -> None:
    """Record and events in one transaction; nothing where another took them over, who has read what is newer."""
    with transaction() as session:
        hold(connection_id)
        ours = claimed.still_ours(session, told)
        if not ours:
            return
        for event in told:
            if event.deleted_id:
                take_merge(connection_id, event.entity, event.deleted_id, into=event.remote_id)
        effect = take(session.get_one(Connection, connection_id), told[0].remote_id, record)
        claimed.settle_rows(ours, effect)
