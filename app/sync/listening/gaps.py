"""When something may have been missed: the companies that are to be caught up with, and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.settings import Settings
from app.foundation.tenancy import acting_for, everywhere
from app.quickbooks.models import Connection, ConnectionState
from app.sync.comparing.drifts import ReconciliationRun, RunState
from app.sync.listening.cursors import Cursor, Gap, begin
from app.sync.records.attempts import ARRIVED, Attempt, Outcome


class Due(NamedTuple):
    """A company that is to be caught up with."""

    organisation_id: int
    connection_id: int
    gap: Gap


def due(settings: Settings) -> list[Due]:
    """Every company that is due now; those that wait for patience or for a full comparison are not among them."""
    with everywhere():
        _begin_missing()
        _end_comparisons()
        now = clock.now()
        found = [
            Due(cursor.organisation_id, cursor.connection_id, gap)
            for cursor, connected_at in _free(now)
            if (gap := _gap(cursor, connected_at, now, settings)) is not None
        ]
    end_reading()
    return found


def _gap(cursor: Cursor, connected_at: datetime, now: datetime, settings: Settings) -> Gap | None:
    if cursor.gap is not None:
        return cursor.gap
    if clock.latest() >= connected_at > cursor.started_at:
        return Gap.RECONNECTED
    rested = abs(now - cursor.started_at) >= timedelta(seconds=settings.catch_up_silence_seconds)
    grace = timedelta(seconds=settings.catch_up_overlap_seconds)
    return Gap.SILENCE if rested and is_silent(cursor, now - grace) else None


def is_silent(cursor: Cursor, before: datetime) -> bool:
    """Whether something changed before that moment and no webhook call has come since.

    Intuit tells of our own writes too (reference 9.1), so a write without an echo means that nobody tells us anything.
    """
    wrote_at = db.session.scalar(
        select(Attempt.at)
        .where(Attempt.connection_id == cursor.connection_id, ARRIVED, Attempt.outcome == Outcome.SENT)
        .where(Attempt.at <= before)
        .order_by(Attempt.id.desc())
        .limit(1)
    )
    changed_at = max(filter(None, (wrote_at, cursor.missed_at)), default=None)
    return changed_at is not None and (cursor.heard_at is None or cursor.heard_at < changed_at)


def _free(now: datetime) -> list[tuple[Cursor, datetime]]:
    """The cursors of connected companies that nobody holds, each with the moment of its connecting."""
    free = or_(Cursor.held_until.is_(None), Cursor.held_until <= now, Cursor.started_at > clock.latest())
    rows = (
        select(Cursor, Connection.connected_at)
        .join(Connection, Connection.id == Cursor.connection_id)
        .where(Connection.state == ConnectionState.ACTIVE, Cursor.run_id.is_(None), free)
        .order_by(Cursor.connection_id)
    )
    return [(cursor, connected_at) for cursor, connected_at in db.session.execute(rows)]


def _begin_missing() -> None:
    """Companies that are connected and have no cursor yet get one."""
    known = select(Cursor.connection_id)
    new = select(Connection).where(Connection.state == ConnectionState.ACTIVE, Connection.id.not_in(known))
    for connection_id, organisation_id in [(row.id, row.organisation_id) for row in db.session.scalars(new)]:
        end_reading()
        with acting_for(organisation_id), transaction() as session:
            if session.get(Cursor, connection_id) is None:
                begin(session, session.get_one(Connection, connection_id))


def _end_comparisons() -> None:
    """A full comparison that looked instead is over: go on from its beginning, or catch up after all if it failed."""
    over = (RunState.DONE, RunState.FAILED)
    rows = select(Cursor.connection_id, Cursor.organisation_id).join(
        ReconciliationRun, ReconciliationRun.id == Cursor.run_id
    )
    ended = list(db.session.execute(rows.where(ReconciliationRun.state.in_(over))))
    end_reading()
    for connection_id, organisation_id in ended:
        with acting_for(organisation_id), transaction() as session:
            cursor = session.get_one(Cursor, connection_id, with_for_update=True, populate_existing=True)
            run = session.get(ReconciliationRun, cursor.run_id) if cursor.run_id else None
            if run is not None:
                _after(cursor, run)


def _after(cursor: Cursor, run: ReconciliationRun) -> None:
    cursor.run_id, cursor.ended_at = None, run.ended_at
    if run.state is RunState.DONE and run.started_at is not None:
        cursor.come_to(run.started_at)
    else:
        cursor.gap = cursor.last_gap
