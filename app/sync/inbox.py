"""Webhooks: kept as they came and answered at once; opened by the worker, each event once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.sealing import Secret
from app.foundation.tenancy import acting_for, everywhere
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.webhooks import BadDelivery, RemoteEvent, parse, signature_matches
from app.sync.deliveries import Delivery, Event, Rejection

LARGEST = 2 * 1024 * 1024
"""Bytes; Intuit names no cap, 2 MB is what it advises to plan for (reference 9.1)."""
SETTLES_AFTER = timedelta(seconds=1)
"""Events of one change come in a flurry; a moment's wait reads the record once instead of thrice."""


@dataclass(frozen=True)
class Kept:
    """What the door answers: accepted or why not."""

    delivery_id: int
    rejection: Rejection | None


def keep(raw: bytes, signature: str, source: str, verifiers: Mapping[str, Sequence[Secret]]) -> Kept:
    """Store one call; `verifiers` holds for each mode ("live", "test") the tokens that are valid now.

    The verifier that matches fixes the mode. Of a call that no verifier signed only reason, size and hash are kept.
    """
    mode, rejection = _judge(raw, signature, verifiers)
    with transaction() as session:
        delivery = Delivery(
            mode=mode,
            arrived_at=clock.now(),
            size=len(raw),
            digest=hashlib.sha256(raw).hexdigest(),
            source=source[:60],
            rejection=rejection,
            body=raw if rejection is None else None,
            processed_at=None if rejection is None else clock.now(),
        )
        session.add(delivery)
        session.flush()
        return Kept(delivery.id, rejection)


def reject_unread(size: int, source: str) -> None:
    """Remember a call that was too large to be read at all."""
    with transaction() as session:
        now = clock.now()
        session.add(
            Delivery(
                arrived_at=now,
                size=size,
                digest="",
                source=source[:60],
                rejection=Rejection.TOO_LARGE,
                processed_at=now,
            )
        )


def _judge(
    raw: bytes, signature: str, verifiers: Mapping[str, Sequence[Secret]]
) -> tuple[str | None, Rejection | None]:
    if not signature:
        return None, Rejection.NO_SIGNATURE
    for mode, tokens in verifiers.items():
        if signature_matches(raw, signature, tokens) is not None:
            return mode, None
    return None, Rejection.BAD_SIGNATURE


def open_deliveries(limit: int = 100) -> int:
    """Turn kept calls into events; returns how many calls were opened. A signed but unreadable one says why."""
    waiting = select(Delivery.id).where(Delivery.processed_at.is_(None)).order_by(Delivery.id).limit(limit)
    ids = list(db.session.scalars(waiting))
    end_reading()
    for delivery_id in ids:
        _open(delivery_id)
    return len(ids)


def open_again(delivery_id: int) -> None:
    """A person wants a call processed anew: its events become due again; nothing is applied twice."""
    with transaction() as session:
        now = clock.now()
        with everywhere():
            events = session.scalars(select(Event).where(Event.delivery_id == delivery_id))
            for event in events:
                event.state, event.due_at, event.tries, event.effect = "waiting", now, 0, None  # type: ignore[assignment]  # the enum's value
        session.get_one(Delivery, delivery_id).processed_at = None


def _open(delivery_id: int) -> None:
    with transaction() as session, everywhere():
        delivery = session.get_one(Delivery, delivery_id, with_for_update=True, populate_existing=True)
        if delivery.processed_at is not None or delivery.body is None:
            return
        try:
            events = parse(delivery.body)
        except BadDelivery as problem:
            delivery.problem, events = problem.message, []
        unknown = [event for event in events if not _remember(delivery, event)]
        if unknown:
            realms = ", ".join(sorted({event.realm_id for event in unknown}))
            delivery.problem = f"{len(unknown)} events are about companies that are not connected here ({realms})."
        delivery.processed_at = clock.now()


def _remember(delivery: Delivery, told: RemoteEvent) -> bool:
    """Keep an event once; False when its company is not connected here."""
    connection = db.session.scalar(
        select(Connection).where(
            Connection.realm_id == told.realm_id,
            Connection.mode == delivery.mode,
            Connection.state.in_((ConnectionState.ACTIVE, ConnectionState.RECONNECT)),
        )
    )
    if connection is None:
        return False
    with acting_for(connection.organisation_id):
        remember(connection.id, told, delivery.id)
    return True


def remember(connection_id: int, told: RemoteEvent, delivery_id: int | None) -> None:
    """Keep an event of a connection in the caller's transaction, unless it is known already."""
    known = select(Event.id).where(Event.connection_id == connection_id, Event.remote_event_id == told.id[:120])
    if db.session.scalar(known) is not None:
        return
    now = clock.now()
    db.session.add(
        Event(
            connection_id=connection_id,
            delivery_id=delivery_id,
            remote_event_id=told.id[:120],
            entity=told.entity[:40],
            remote_id=told.remote_id[:40],
            verb=told.verb[:20],
            deleted_id=told.deleted_id,
            at=told.at or now,
            due_at=now + SETTLES_AFTER,
        )
    )
    db.session.flush()
