"""Heartbeats: each worker says every few seconds that it lives, so that a page can say when none does."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, delete, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation import clock
from app.foundation.columns import UTCDateTime
from app.foundation.database import Base, db, transaction
from app.sync.listening import cursors
from app.sync.listening.cursors import Gap

EVERY = timedelta(seconds=5)
OUTAGE = timedelta(minutes=5)
"""After so long without any worker something may have been missed: Intuit gives up calls that nobody takes."""
SILENT_AFTER = timedelta(seconds=30)
_FORGOTTEN_AFTER = timedelta(days=1)


class Heartbeat(Base):
    """One worker process; it serves every organisation, so it belongs to none."""

    __tablename__ = "heartbeat"

    worker: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)


def beat(worker: str) -> None:
    """This worker lives. The first one after an outage asks that every company be caught up with."""
    now = clock.now()
    with transaction() as session:
        last = last_seen()
        if last is None or now - last > OUTAGE:
            cursors.ask_all(session, Gap.OUTAGE)
        row = session.get(Heartbeat, worker)
        if row is None:
            row = Heartbeat(worker=worker, started_at=now)
            session.add(row)
        row.seen_at = now
        session.execute(
            delete(Heartbeat).where(or_(Heartbeat.seen_at < now - _FORGOTTEN_AFTER, Heartbeat.seen_at > clock.latest()))
        )


def last_seen() -> datetime | None:
    """When any worker was last seen, in UTC; None when there never was one."""
    credible = Heartbeat.seen_at <= clock.latest()
    moment: datetime | None = db.session.scalar(select(func.max(Heartbeat.seen_at)).where(credible))
    return moment


def is_alive() -> bool:
    """Whether some worker was seen lately."""
    seen = last_seen()
    return seen is not None and clock.now() - seen < SILENT_AFTER
