"""What of the changes made in QuickBooks is news here: neither our own doing, nor known, nor about to be taken in.

Only looks. What is news is read again before it is taken in, as after a webhook: Intuit has been seen to call a record
deleted that was merely changed (reference 6.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from sqlalchemy import select

from app.foundation.database import db
from app.outbox.models import Subject
from app.quickbooks import answers, catalogue
from app.quickbooks.answers import Entity
from app.quickbooks.errors import UnknownOutcome
from app.quickbooks.reading import text
from app.quickbooks.webhooks import RemoteEvent
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.listening.deliveries import Event, EventState
from app.sync.listening.taking import LISTS
from app.sync.listening.unanswered import being_made, concerns, may_be_paid_by
from app.sync.payments import applying
from app.sync.records.effects import is_older
from app.sync.records.links import Link, LinkState, links_to

IsNews = Callable[[Entity], bool]


def news(connection_id: int, changes: Mapping[str, Sequence[Entity]]) -> list[RemoteEvent]:
    """An event for each record that is to be read again and taken in; its id names this very change."""
    return [
        _event(entity, record)
        for entity, records in changes.items()
        for record in _unknown(connection_id, entity, records)
    ]


def _unknown(connection_id: int, entity: str, records: Sequence[Entity]) -> list[Entity]:
    by_id = {text(record, "Id"): record for record in records}
    for told in _to_be_taken_in(connection_id, entity, list(by_id)):
        del by_id[told]
    is_news = _reader(connection_id, entity, by_id)
    return [record for record in by_id.values() if _is_readable_and(is_news, record)]


def _is_readable_and(is_news: IsNews, record: Entity) -> bool:
    """What can't be read is news: whoever takes it in says so, and the others go on."""
    try:
        return is_news(record)
    except UnknownOutcome:
        return True


def _to_be_taken_in(connection_id: int, entity: str, ids: Sequence[str]) -> list[str]:
    waiting = select(Event.remote_id).where(
        Event.connection_id == connection_id, Event.state == EventState.WAITING, Event.entity == entity
    )
    return list(db.session.scalars(waiting.where(Event.remote_id.in_(ids)).distinct()))


def _reader(connection_id: int, entity: str, by_id: Mapping[str, Entity]) -> IsNews:
    """What tells news of this entity; asks a few questions for all of them."""
    if entity in LISTS:
        return _of_a_list(connection_id, entity, list(by_id))
    links = links_to(connection_id, entity, by_id)
    made = being_made(connection_id, entity)
    if entity == applying.ENTITY:
        ours = _documents_of_ours(connection_id, by_id.values())
        is_making = any(being_made(connection_id, KINDS[kind].entity) for kind in DOCUMENTS)
        return lambda record: (
            _is_new_payment(record, links, ours, made)
            or (is_making and may_be_paid_by(connection_id, answers.payment(record)))
        )
    return lambda record: _is_touched(record, links.get(text(record, "Id")), made)


def _of_a_list(connection_id: int, entity: str, ids: Sequence[str]) -> IsNews:
    rows = catalogue.by_ids(connection_id, entity, ids)

    def is_news(record: Entity) -> bool:
        seen, row = answers.named(record), rows.get(text(record, "Id"))
        if row is None or seen.deleted:
            return row is None or not row.vanished
        return row.vanished or is_older(row.sync_token, seen.sync_token)

    return is_news


def _is_touched(record: Entity, link: Link | None, made: set[Subject]) -> bool:
    """A document of ours, be it one whose making is not answered yet; those of others are the bookkeeper's alone."""
    if link is None:
        return bool(made) and concerns(made, answers.document(record))
    seen = answers.document(record)
    if seen.deleted:
        return link.state is not LinkState.REMOVED
    same = seen.sync_token == link.sync_token and seen.balance_pence == link.balance_pence
    return not same and not is_older(seen.sync_token, link.sync_token)


def _is_new_payment(record: Entity, links: Mapping[str, Link], ours: set[tuple[str, str]], made: set[Subject]) -> bool:
    """One that pays something of ours, or that we know in another shape."""
    seen = answers.payment(record)
    link = links.get(seen.id)
    if link is None:
        pays_ours = any((part.txn_type, part.txn_id) in ours for part in seen.allocations)
        return concerns(made, seen) or (pays_ours and not seen.voided)
    if seen.deleted or seen.voided:
        return link.state is LinkState.LIVE
    return link.state is not LinkState.LIVE or is_older(link.sync_token, seen.sync_token)


def _documents_of_ours(connection_id: int, records: Iterable[Entity]) -> set[tuple[str, str]]:
    """Of all that these payments are divided over."""
    parts = list(_allocations(records))
    return {
        (entity, remote_id)
        for entity in (KINDS[kind].entity for kind in DOCUMENTS)
        for remote_id in links_to(connection_id, entity, {part.txn_id for part in parts if part.txn_type == entity})
    }


def _allocations(records: Iterable[Entity]) -> Iterator[answers.Allocation]:
    for record in records:
        with suppress(UnknownOutcome):
            yield from answers.payment(record).allocations


def _event(entity: str, record: Entity) -> RemoteEvent:
    """As a webhook would tell it. The moment is part of its id: a record may be called deleted twice."""
    remote_id, at = text(record, "Id"), answers.updated_at(record)
    is_gone = answers.is_deleted(record)
    version = "deleted" if is_gone else text(record, "SyncToken")
    return RemoteEvent(
        id=f"changes:{entity}:{remote_id}:{version}:{at.isoformat() if at else ''}",
        realm_id="",
        entity=entity,
        remote_id=remote_id,
        verb="deleted" if is_gone else "updated",
        at=at,
    )
