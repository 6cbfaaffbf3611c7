"""What the page about limits shows of one company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from app.foundation.database import db
from app.quickbooks import counters, limits
from app.quickbooks.governor import desk_of
from app.quickbooks.realm import CallMinute, Governor, Realm


@dataclass(frozen=True)
class Panel:
    """The guard of a company at one moment. `version` is the same as long as nothing has changed."""

    version: int
    holder: str | None
    write_until: datetime | None
    """Until when a write may be on its way at the latest; None when none is."""
    read_until: datetime | None
    paused_until: datetime | None
    paused_why: str
    unknown_streak: int
    silent_until: datetime | None
    """When the breaker lets the next probe leave; None while it is closed."""
    batches_last_minute: int
    minutes: list[CallMinute]
    """The minutes of the last hour in which something left, oldest first."""


def panel(realm: Realm, now: datetime) -> Panel:
    """What is known of a company's calls; all noughts for one that nobody has called yet."""
    row = db.session.get(Governor, realm) or _unused(realm)
    desk = desk_of(row)
    return Panel(
        version=row.version,
        holder=row.owner,
        write_until=_ahead(row.call_over_at, now) if row.owner else None,
        read_until=_ahead(row.read_over_at, now),
        paused_until=_ahead(_moment(desk.paused_until), now),
        paused_why=desk.paused_why,
        unknown_streak=desk.unknown_streak,
        silent_until=_moment(desk.breaker_until) if desk.breaker_step else None,
        batches_last_minute=limits.batches_in_window(desk, now.timestamp()),
        minutes=counters.last_hour(realm, now),
    )


def _unused(realm: Realm) -> Governor:
    """A row that is only looked at, never stored."""
    empty = limits.Desk()
    return Governor(
        realm_id=realm.realm_id,
        mode=realm.mode,
        version=0,
        tat=empty.tat,
        batches=[],
        paused_until=empty.paused_until,
        paused_why="",
        unknown_streak=0,
        unknown_subjects=[],
        breaker_step=0,
        breaker_until=0.0,
    )


def _ahead(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment and moment > now else None


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
