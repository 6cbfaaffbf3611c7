"""What the rows say is to be done now, and when something is due next: so far time can leap.

The worker looks each second, and a look that finds nothing changes nothing: those are left out. A simulated week looks
many thousand times, so all moments are asked for in one statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Double, ScalarSelect, and_, bindparam, func, select

from app.foundation.columns import UTCDateTime
from app.foundation.database import db, end_reading
from app.foundation.mail import Mail, MailState
from app.foundation.tenancy import everywhere
from app.outbox import lanes
from app.outbox.models import Message, MessageState
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.realm import Governor
from app.sync.comparing.drifts import ReconciliationRun, RunState
from app.sync.listening.deliveries import Delivery, Event, EventState
from app.sync.records.envelopes import Envelope, EnvelopeState
from app.sync.telling import sweep
from app.sync.telling.drain import SHORT_REST

_SECOND = timedelta(seconds=1)


def agenda(now: datetime) -> tuple[set[str], datetime]:
    """Which chores have something to do now, and when to look again: in a second where there is something."""
    with everywhere():
        row = db.session.execute(_MOMENTS, {"now": now, "rests_until": now.timestamp() + SHORT_REST}).one()
    moments = {name: moment for name, moment in row._mapping.items() if moment is not None}
    chores = {name.split()[0] for name, moment in moments.items() if name in _CHORES and moment <= now}
    is_due = any(moments.get(name, now + _SECOND) <= now for name in _LANES)
    if is_due and sweep.lanes_with_work():
        chores.add("sweep")
    end_reading()
    if chores:
        return chores, now + _SECOND
    return chores, min(_ahead(moments, now, with_guards=is_due), default=lanes.FAR_AWAY)


def _ahead(moments: Mapping[str, Any], now: datetime, *, with_guards: bool) -> list[datetime]:
    """Moments to come; where something is due in a lane that is not free, also when one may be free again."""
    ahead = [moments[name] for name in (*_CHORES, *_LATER) if name in moments]
    if with_guards:
        ahead += [moments[name] for name in _LEASES if name in moments]
        rests = [datetime.fromtimestamp(moments[name] - SHORT_REST, UTC) for name in _RESTS if name in moments]
        ahead += rests
    return [moment for moment in ahead if moment > now]


def _earliest(moment: Any, *where: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(func.min(moment)).where(*where).scalar_subquery()


_NOW = bindparam("now", type_=UTCDateTime())
_RESTS_UNTIL: BindParameter[float] = bindparam("rests_until", type_=Double())
_OPEN_RUN = ReconciliationRun.state.in_((RunState.WAITING, RunState.RUNNING))
_ACTIVE = select(Connection.id).where(Connection.state == ConnectionState.ACTIVE)
_ASLEEP = select(Connection.id).where(
    Connection.billing_entity_id == Message.billing_entity_id,
    Connection.mode == Message.mode,
    Connection.state == ConnectionState.RECONNECT,
)
"""What of a company waits for a person to connect it again rests until then: connecting lets everybody look."""
_WAITING = and_(Message.state == MessageState.WAITING, ~_ASLEEP.exists())
_STORED = and_(Envelope.state == EnvelopeState.STORED, Envelope.connection_id.in_(_ACTIVE))
_CHORES: dict[str, ScalarSelect[Any]] = {
    "listen": _earliest(Delivery.arrived_at, Delivery.processed_at.is_(None)),
    "listen events": _earliest(Event.due_at, Event.state == EventState.WAITING, Event.connection_id.in_(_ACTIVE)),
    "mail": _earliest(Mail.due_at, Mail.state == MailState.WAITING),
    "compare": _earliest(func.coalesce(ReconciliationRun.held_until, ReconciliationRun.asked_at), _OPEN_RUN),
}
"""By the chore that their first word names, the moment from which there is something to do for it."""
_LANES: dict[str, ScalarSelect[Any]] = {
    "message": _earliest(Message.due_at, _WAITING),
    "envelope": _earliest(Envelope.due_at, _STORED),
}
_LATER: dict[str, ScalarSelect[Any]] = {
    "later message": _earliest(Message.due_at, _WAITING, Message.due_at > _NOW),
    "later envelope": _earliest(Envelope.due_at, _STORED, Envelope.due_at > _NOW),
}
_LEASES: dict[str, ScalarSelect[Any]] = {
    "lease": _earliest(Governor.lease_until, Governor.owner.is_not(None), Governor.lease_until > _NOW),
    "call": _earliest(Governor.call_over_at, Governor.owner.is_not(None), Governor.call_over_at > _NOW),
}
_RESTS: dict[str, ScalarSelect[Any]] = {
    "pause": _earliest(Governor.paused_until, Governor.paused_until > _RESTS_UNTIL),
    "breaker": _earliest(Governor.breaker_until, Governor.breaker_until > _RESTS_UNTIL),
}
_ALL = {**_CHORES, **_LANES, **_LATER, **_LEASES, **_RESTS}
_MOMENTS = select(*(moment.label(name) for name, moment in _ALL.items()))
