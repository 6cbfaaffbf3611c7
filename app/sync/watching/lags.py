"""How soon this side knows: from a webhook's arrival to the payment applied, and from a missed one to its finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Select, select

from app.foundation.database import db
from app.foundation.tenancy import BY_KEY
from app.sync.listening.cursors import Cursor, Gap
from app.sync.listening.deliveries import PAYMENTS, Delivery, Event, EventState

NEWEST = 50
"""So many are measured."""
LATELY = timedelta(days=30)
WHY = {
    Gap.OUTAGE: "after a time without a worker",
    Gap.RECONNECTED: "after QuickBooks was reconnected",
    Gap.SILENCE: "because webhooks are silent",
    Gap.NIGHT: "as each night",
}


@dataclass(frozen=True)
class Lag:
    """How long it took: how many were measured, the time in the middle, and the longest."""

    number: int
    middle: timedelta
    longest: timedelta

    @property
    def words(self) -> str:
        """As a person says it."""
        if self.number == 1:
            return spelt(self.longest)
        return f"{spelt(self.middle)} in the middle, {spelt(self.longest)} at most"


@dataclass(frozen=True)
class Hearing:
    """How well one company is heard."""

    paid: Lag | None
    """Of the newest payments that a webhook told; None where there is none."""
    missed: Lag | None
    """Of the changes of late that a webhook should have told and catching up found; None where there is none."""
    cursor: Seen | None
    """None where the company was connected a moment ago."""


@dataclass(frozen=True)
class Seen:
    """What the cursor of a company tells people."""

    heard_at: datetime | None
    """When its last webhook came."""
    caught_up_at: datetime | None
    why: str
    found: int
    problem: str
    again_at: datetime | None
    """When catching up is tried again, where it could not come to its end."""
    compares: bool
    """A full comparison looks instead."""


def hearing(connection_id: int, now: datetime, grace: timedelta) -> Hearing:
    """Look; a change younger than the grace when it was found was not missed: its webhook may have been on its way."""
    cursor = db.session.get(Cursor, connection_id)
    return Hearing(
        paid=_lag(_paid(connection_id)),
        missed=_lag(_missed(connection_id, now - LATELY), at_least=grace),
        cursor=_seen(cursor) if cursor else None,
    )


def _seen(cursor: Cursor) -> Seen:
    return Seen(
        heard_at=cursor.heard_at,
        caught_up_at=cursor.ended_at,
        why=WHY[cursor.last_gap] if cursor.last_gap else "",
        found=cursor.found,
        problem=cursor.problem or "",
        again_at=cursor.held_until if cursor.problem else None,
        compares=cursor.run_id is not None,
    )


def _paid(connection_id: int) -> Select[datetime, datetime | None]:
    told = select(Delivery.arrived_at, Event.processed_at).join(Delivery, Delivery.id == Event.delivery_id)
    return _newest(told.where(PAYMENTS), connection_id)


def _missed(connection_id: int, after: datetime) -> Select[datetime, datetime | None]:
    found = select(Event.at, Event.processed_at).where(Event.delivery_id.is_(None), Event.processed_at >= after)
    return _newest(found, connection_id)


def _newest(wanted: Select[datetime, datetime | None], connection_id: int) -> Select[datetime, datetime | None]:
    applied = wanted.where(Event.connection_id == connection_id, Event.state == EventState.APPLIED)
    return applied.where(Event.processed_at.is_not(None)).order_by(Event.processed_at.desc()).limit(NEWEST)


def _lag(wanted: Select[datetime, datetime | None], at_least: timedelta = timedelta(0)) -> Lag | None:
    rows = db.session.execute(wanted, execution_options=BY_KEY)
    return lag([took for began, ended in rows if ended is not None and (took := ended - began) >= at_least])


def lag(times: Sequence[timedelta]) -> Lag | None:
    """Times as one lag; None of none (pure). A clock that was put back makes none shorter than nothing."""
    seconds = [max(time.total_seconds(), 0.0) for time in times]
    if not seconds:
        return None
    return Lag(len(seconds), timedelta(seconds=median(seconds)), timedelta(seconds=max(seconds)))


def spelt(time: timedelta) -> str:
    """A time in its largest unit: "0.4 s", "12 s", "3 min", "5 h", "2 days" (pure)."""
    seconds = time.total_seconds()
    if seconds < 1:
        return f"{seconds:.1f} s"
    for size, unit in ((86_400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
