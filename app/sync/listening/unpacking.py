"""Deliveries opened by the worker: each event of a company of ours is kept once, and falls due a moment later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.logs import logger
from app.foundation.tenancy import acting_for, everywhere
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.webhooks import BadDelivery, RemoteEvent, parse
from app.sync.listening import cursors
from app.sync.listening.deliveries import Delivery, Event

SETTLES_AFTER = timedelta(seconds=1)
"""Events of one change come in a flurry; a moment's wait reads the record once instead of thrice."""
A_LOOK = 100
"""Kept calls opened before somebody looks at what else there is to do."""
_TOGETHER = 5
_BYTES_TOGETHER = 32 * 1024
"""Of the calls opened by one commit: on SQLite whoever knocks meanwhile waits for it."""
_ASKED_AT_ONCE = 500
_UNSTORABLE = "What it says could not be stored; it was noted in the portal's own log."


def open_deliveries() -> int:
    """Turn kept calls into events, the oldest first; returns how many were looked at, `A_LOOK` where more may wait.

    A signed but unreadable one says why.
    """
    waiting = select(Delivery.id, Delivery.size).where(Delivery.processed_at.is_(None))
    sizes = {row.id: row.size for row in db.session.execute(waiting.order_by(Delivery.id).limit(A_LOOK))}
    end_reading()
    for ids in _portions(sizes):
        _open_together(ids)
    return len(sizes)


def _portions(sizes: Mapping[int, int]) -> list[list[int]]:
    """What is opened by one commit each, of {id: bytes}: a few small ones, a large one alone."""
    portions, room = list[list[int]](), 0
    for delivery_id, size in sizes.items():
        room -= size
        if room < 0 or len(portions[-1]) == _TOGETHER:
            portions.append([])
            room = _BYTES_TOGETHER - size
        portions[-1].append(delivery_id)
    return portions


def _open_together(ids: Sequence[int]) -> None:
    """Open several; where one of them stumbles, each is opened apart: the others are not to suffer for it."""
    try:
        _open(ids)
    except OperationalError:
        raise  # the database is busy or away: that is no fault of theirs, and they are opened later
    except Exception:  # noqa: BLE001 - whoever's fault it is; an event that another worker kept meanwhile is known by then
        for delivery_id in ids:
            _open_apart(delivery_id)


def _open_apart(delivery_id: int) -> None:
    """Open one; what it holds may be anything, and must not keep the calls behind it waiting, whoever's they are."""
    try:
        _open([delivery_id])
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001 - such as a text that no database stores
        logger().error("a delivery could not be opened", delivery=delivery_id, exc_info=True)
        with transaction() as session:
            delivery = session.get_one(Delivery, delivery_id, with_for_update=True, populate_existing=True)
            delivery.problem, delivery.processed_at = _UNSTORABLE, clock.now()


def _open(ids: Sequence[int]) -> None:
    """By one transaction, and those alone that nobody else has opened meanwhile."""
    unopened = select(Delivery).where(Delivery.id.in_(ids), Delivery.processed_at.is_(None)).order_by(Delivery.id)
    heard: dict[int, datetime] = {}
    with transaction() as session, everywhere():
        for delivery in session.scalars(unopened.with_for_update().execution_options(populate_existing=True)).all():
            delivery.problem = _told_by(delivery, heard)
            delivery.processed_at = clock.now()
        for connection_id, at in sorted(heard.items()):
            cursors.note_heard(session, connection_id, at)


def _told_by(delivery: Delivery, heard: dict[int, datetime]) -> str | None:
    """Keep what it tells; a sentence about what could not be read or is nobody's, if anything.

    `heard` is told when each connection was last spoken of: once for all calls of a commit.
    """
    try:
        return _take_out(delivery, parse(delivery.body or b""), heard)
    except BadDelivery as problem:
        return problem.message


def _take_out(delivery: Delivery, events: Iterable[RemoteEvent], heard: dict[int, datetime]) -> str | None:
    """Keep the events of our companies; a sentence about those of others, if any."""
    by_realm: dict[str, list[RemoteEvent]] = defaultdict(list)
    for event in events:
        by_realm[event.realm_id].append(event)
    ours = _connections(delivery, by_realm)
    for realm, connection in ours.items():
        with acting_for(connection.organisation_id):
            remember(connection.id, by_realm[realm], delivery.id)
        heard[connection.id] = delivery.arrived_at
    strangers = sorted(set(by_realm) - set(ours))
    if not strangers:
        return None
    number = sum(len(by_realm[realm]) for realm in strangers)
    return f"{number} of its events are about companies that are not connected here ({', '.join(strangers)})."


def _connections(delivery: Delivery, realms: Iterable[str]) -> dict[str, Connection]:
    """{realm id: connection} of the companies that this call may speak about.

    Only those that were connected through the app whose verifier signed it: an organisation knows its own app's
    verifier, and must not be able to speak in the name of another organisation's company.
    """
    found = db.session.scalars(
        select(Connection).where(
            Connection.realm_id.in_(list(realms)),
            Connection.mode == delivery.mode,
            Connection.intuit_app_id.is_not_distinct_from(delivery.intuit_app_id),
            Connection.state.in_((ConnectionState.ACTIVE, ConnectionState.RECONNECT)),
        )
    )
    return {connection.realm_id: connection for connection in found}


def remember(
    connection_id: int, told: Sequence[RemoteEvent], delivery_id: int | None, *, settles: timedelta = SETTLES_AFTER
) -> int:
    """Keep the events of a connection that are not known yet, in the caller's transaction; returns how many.

    They fall due when they have settled.
    """
    fresh = {event.id[:120]: event for event in told}
    for known in _known(connection_id, fresh):
        del fresh[known]
    now = clock.now()
    for event_id, event in fresh.items():
        db.session.add(
            Event(
                connection_id=connection_id,
                delivery_id=delivery_id,
                remote_event_id=event_id,
                entity=event.entity[:40],
                remote_id=event.remote_id[:40],
                verb=event.verb[:20],
                deleted_id=event.deleted_id[:40] if event.deleted_id else None,
                at=event.at or now,
                due_at=now + settles,
            )
        )
    db.session.flush()
    return len(fresh)


def _known(connection_id: int, event_ids: Iterable[str]) -> list[str]:
    ids, known = list(event_ids), list[str]()
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        portion = ids[start : start + _ASKED_AT_ONCE]
        wanted = select(Event.remote_event_id).where(
            Event.connection_id == connection_id, Event.remote_event_id.in_(portion)
        )
        known += db.session.scalars(wanted)
    return known
