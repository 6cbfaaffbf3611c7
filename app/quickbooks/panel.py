"""What the page about limits shows of one company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from app.foundation.database import db
from app.quickbooks import counters, limits
from app.quickbooks.guard import desk_of
from app.quickbooks.limits import Rates
from app.quickbooks.realm import CallMinute, Governor, Realm

_INTUITS = Rates()


@dataclass(frozen=True)
class Slowed:
    """The pace of a company that throttled us: requests and batches a minute now, and when all is used again."""

    requests: int
    batches: int
    full_at: datetime

    @property
    def words(self) -> str:
        """What a person reads; the moment is left to the page, which knows the time zone."""
        batches = "batch" if self.batches == 1 else "batches"
        return (
            "QuickBooks has throttled this company, so we ask it for less:"
            f" at most {self.requests} requests and {self.batches} {batches} a minute now, more after quiet minutes"
        )


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
    slowed: Slowed | None
    """What is left of our rates after QuickBooks throttled us; None while all of them is used."""
    unknown_streak: int
    silent_until: datetime | None
    """When the breaker lets the next probe leave; None while it is closed."""
    batches_last_minute: int
    minutes: list[CallMinute]
    """The minutes of the last hour in which something left, oldest first."""


def panel(realm: Realm, now: datetime, rates: Rates = _INTUITS) -> Panel:
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
        slowed=_slowed(desk, now, rates),
        unknown_streak=desk.unknown_streak,
        silent_until=_moment(desk.breaker_until) if desk.breaker_step else None,
        batches_last_minute=limits.batches_in_window(desk, now.timestamp()),
        minutes=counters.last_hour(realm, now),
    )


def _slowed(desk: limits.Desk, now: datetime, rates: Rates) -> Slowed | None:
    pace = limits.pace_at(desk, now.timestamp())
    if pace >= 1:
        return None
    left = rates.at(pace)
    return Slowed(round(left.a_second * 60), left.batches, full_at=_moment(limits.full_pace_at(desk)))


def _unused(realm: Realm) -> Governor:
    """A row that is only looked at, never stored."""
    empty = limits.Desk()
    return Governor(
        realm_id=realm.realm_id,
        mode=realm.mode,
        version=0,
        tat=empty.tat,
        batches=[],
        paused_from=empty.paused_from,
        paused_until=empty.paused_until,
        paused_why="",
        pace=empty.pace,
        paced_at=empty.paced_at,
        unknown_streak=0,
        unknown_subjects=[],
        breaker_step=0,
        breaker_until=0.0,
    )


def _ahead(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment and moment > now else None


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
