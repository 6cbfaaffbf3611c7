"""Payments that no webhook told, found by reading them: taken in where our side says anything else, and told of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from app.billing.payment import Allocation, PaymentState
from app.foundation import clock
from app.foundation.database import db, end_reading
from app.foundation.errors import PortalError
from app.foundation.logs import logger
from app.quickbooks.answers import PaymentSeen
from app.quickbooks.models import Connection
from app.sync.company import former_links
from app.sync.comparing import findings
from app.sync.comparing.drifts import ReconciliationRun
from app.sync.comparing.run_claims import RunClaim
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.listening.deliveries import Event, EventState
from app.sync.payments import applying
from app.sync.reconciling import payment_findings
from app.sync.records.links import Link, LinkState, was_known


class _Known(NamedTuple):
    """A payment as our side has it: its version, whether it counts, its parts in pence by document, since when."""

    sync_token: str
    state: LinkState
    parts: dict[int, int]
    linked_at: datetime


class _Documents(NamedTuple):
    """{(entity, their id): our document's id} of all that is linked, and of what was before a disconnect."""

    linked: dict[tuple[str, str], int]
    former: dict[tuple[str, str], int]


def take_in_missed(
    held: RunClaim, read: Mapping[str, PaymentSeen], read_at: datetime, gone: Collection[str] | None = None
) -> int:
    """Apply what we did not know, take back what is gone; returns how many changed.

    `read` is all payments by id, and gone is what is not among them and was linked before; or it is what changed, and
    `gone` names the rest.
    `read` is as of `read_at`; a payment of which an event was taken in since is left as that made it. A payment that
    can't be taken in leaves the others alone; what it pays is then found as a difference. Raises TakenOverError.
    """
    connection_id = held.connection_id
    known, documents = _known(connection_id), _documents(connection_id)
    fresh = _told_since(connection_id, read_at)
    end_reading()
    changed = 0
    for remote_id, seen in read.items():
        if remote_id not in fresh and _differs(seen, known.get(remote_id), documents):
            changed += _take_in(held, seen)
    for remote_id, ours in known.items():
        is_gone = remote_id not in read and was_known(ours.linked_at, read_at) if gone is None else remote_id in gone
        if ours.state is LinkState.LIVE and is_gone and remote_id not in fresh:
            with _told(held, remote_id) as run:
                effect = applying.remove(connection_id, remote_id, PaymentState.REMOVED)
                run.payments_found += effect.changed
            changed += effect.changed
    return changed


def _told_since(connection_id: int, moment: datetime) -> set[str]:
    """The ids of payments about which an event was taken in since then: that reading is newer than ours.

    What a clock that was ahead says to have been taken in later than now was taken in before.
    """
    about = (Event.connection_id == connection_id, Event.entity == applying.ENTITY, Event.state != EventState.LEFT)
    taken_in = Event.processed_at.between(moment, clock.latest())
    return set(db.session.scalars(select(Event.remote_id).where(*about, taken_in)))


def _differs(seen: PaymentSeen, ours: _Known | None, documents: _Documents) -> bool:
    parts: dict[int, int] = defaultdict(int)
    at = documents.linked if ours is None else documents.former | documents.linked
    for part in seen.allocations:
        document_id = at.get((part.txn_type, part.txn_id))
        if document_id is not None and part.amount_pence:
            parts[document_id] += part.amount_pence
    if ours is None:
        return bool(parts)
    if ours.state is not LinkState.LIVE:
        return not seen.voided
    return seen.voided or seen.sync_token != ours.sync_token or parts != ours.parts


def _take_in(held: RunClaim, seen: PaymentSeen) -> bool:
    try:
        with _told(held, seen.id) as run:
            effect = applying.take_in(db.session.get_one(Connection, held.connection_id), seen)
            run.payments_found += effect.changed
    except PortalError as problem:
        logger().warning("a payment could not be taken in", payment=seen.id, problem=problem.message)
        return False
    return effect.changed


@contextmanager
def _told(held: RunClaim, remote_id: str) -> Iterator[ReconciliationRun]:
    """A transaction that keeps with what it does to a payment what that put right: a run begun anew sees no change."""
    with held.settling() as session:
        before = payment_findings.side(held.connection_id, remote_id)
        yield session.get_one(ReconciliationRun, held.run_id)
        after = payment_findings.side(held.connection_id, remote_id)
        findings.write_mended(held.connection_id, payment_findings.put_right(remote_id, before, after), held.run_id)


def _known(connection_id: int) -> dict[str, _Known]:
    links = list(
        db.session.scalars(select(Link).where(Link.connection_id == connection_id, Link.entity == applying.ENTITY))
    )
    applied: dict[int, dict[int, int]] = defaultdict(dict)
    ours = select(Allocation.payment_id, Allocation.document_id, Allocation.amount_pence).join(
        Link, (Link.subject_id == Allocation.payment_id) & (Link.entity == applying.ENTITY)
    )
    for payment_id, document_id, pence in db.session.execute(ours.where(Link.connection_id == connection_id)):
        applied[payment_id][document_id] = pence
    return {
        link.remote_id: _Known(link.sync_token, LinkState(link.state), applied[link.subject_id], link.linked_at)
        for link in links
    }


def _documents(connection_id: int) -> _Documents:
    found = _Documents({}, {})
    for entity in (KINDS[kind].entity for kind in DOCUMENTS):
        linked = select(Link.remote_id, Link.subject_id).where(Link.connection_id == connection_id)
        for remote_id, document_id in db.session.execute(linked.where(Link.entity == entity)):
            found.linked[entity, remote_id] = document_id
        for remote_id, document_id in former_links.documents(connection_id, entity).items():
            found.former[entity, remote_id] = document_id
    return found
