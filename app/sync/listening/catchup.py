"""Catching up by change data capture: what no webhook told is found, and taken in through the same door.

What is news becomes events of no delivery, kept with the right to repeat: an event's id names the change, so the same
window may be read any number of times. The cursor moves when all of the window is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.foundation import clock
from app.foundation.database import db, end_reading
from app.foundation.errors import PortalError
from app.foundation.logs import logger
from app.foundation.tenancy import acting_for
from app.quickbooks import answers, calls, catalogue
from app.quickbooks.errors import NotSent, ReadsSpent, ReconnectNeeded, Refused, Throttled, UnknownOutcome
from app.quickbooks.models import Connection
from app.quickbooks.moments import moment
from app.quickbooks.reading import said
from app.sync.comparing.drifts import ReconciliationRun
from app.sync.comparing.run_claims import TakenOverError
from app.sync.engine import Engine
from app.sync.listening import cursors, pull, unheard, unpacking
from app.sync.listening.cursors import CursorClaim, Gap
from app.sync.listening.gaps import Due, due
from app.sync.listening.taking import followed
from app.sync.listening.windows import Changes, TooManyError, windows

LOOKS_BACK = timedelta(days=30) - timedelta(hours=1)
"""Intuit keeps changes for 30 days (reference 6.2); an hour for clocks that differ."""
ASKED_BY = "catching up"
_TRY_AGAIN_SECONDS = 900.0
_PATIENCE_SECONDS = 5.0
"""Nobody waits for this: whoever does goes first, and it comes back when the company is free."""
_UNANSWERED = "QuickBooks did not answer, or not so that it could be read. A question changes nothing."
_BUG = "Something unexpected happened; it was noted in the portal's own log."


@dataclass
class _Reading:
    """One catching up: what was asked so far, and when it began by QuickBooks' clock or ours, whichever is behind."""

    engine: Engine
    held: CursorClaim
    until: datetime
    reads: int = field(default=0)

    def ask(self, entities: Sequence[str], since: datetime) -> Changes:
        """The changes of these entities since then; one read."""
        call = calls.changes_since(entities, since)
        answer = self.engine.quickbooks.ask(self.held.connection_id, call, patience_seconds=_PATIENCE_SECONDS).json
        if not self.reads:
            self.until = min(self.until, moment(said(answer, "time")) or self.until)
        self.reads += 1
        return answers.changes_of(answer)


def work(engine: Engine) -> int:
    """Catch up with every company that is due; returns how many that were."""
    found = due(engine.settings)
    for each in found:
        run(engine, each)
    return len(found)


def ahead_of(engine: Engine, run_id: int, organisation_id: int) -> None:
    """Before the comparison of a night: catch up and take in what was found, so that it is not told as a difference."""
    with acting_for(organisation_id):
        asked = db.session.get_one(ReconciliationRun, run_id)
        connection_id, night, asked_at = asked.connection_id, asked.night, asked.asked_at
        cursor = db.session.get(cursors.Cursor, connection_id)
        is_done = cursor is not None and cursor.ended_at is not None and cursor.ended_at >= asked_at
        end_reading()
    if night is not None and not is_done:
        run(engine, Due(organisation_id, connection_id, Gap.NIGHT))
        while pull.work_company(engine, connection_id, organisation_id):
            pass


def run(engine: Engine, which: Due) -> None:
    """Catch up with one company, unless another worker does; what goes wrong is written down and tried again."""
    unpacking.open_deliveries()
    with acting_for(which.organisation_id):
        held = cursors.claim(which.connection_id, which.gap)
        if held is not None:
            with suppress(TakenOverError):
                _run(engine, held)


def _run(engine: Engine, held: CursorClaim) -> None:
    try:
        _carry_out(engine, held)
    except TakenOverError:
        raise
    except (Throttled, ReadsSpent) as pause:
        held.wait(pause.retry_after_seconds, pause.message)
    except ReconnectNeeded as problem:
        held.wait(0.0, problem.message)  # nothing is due before somebody has reconnected
    except (UnknownOutcome, NotSent):
        held.wait(_TRY_AGAIN_SECONDS, _UNANSWERED)
    except PortalError as problem:
        held.wait(_TRY_AGAIN_SECONDS, problem.message)
    except Exception:  # noqa: BLE001 - whatever it is, the changes are still there when it is tried again
        logger().error("catching up failed", connection=held.connection_id, exc_info=True)
        held.wait(_TRY_AGAIN_SECONDS, _BUG)


def _carry_out(engine: Engine, held: CursorClaim) -> None:
    overlap = timedelta(seconds=engine.settings.catch_up_overlap_seconds)
    reading, since = _Reading(engine, held, until=held.began), held.since - overlap
    if held.began - since > LOOKS_BACK or since > clock.latest(held.began):
        _compare_instead(engine, held)  # too long ago, or a clock that was ahead has written it: nobody knows
        return
    try:
        for changes in windows(reading.ask, _followed(held.connection_id), since):
            _keep(reading, changes, overlap)
    except (TooManyError, Refused):
        _compare_instead(engine, held)
        return
    held.end(reading.until)


def _followed(connection_id: int) -> tuple[str, ...]:
    entities = followed(db.session.get_one(Connection, connection_id))
    end_reading()
    return entities


def _keep(reading: _Reading, changes: Changes, overlap: timedelta) -> None:
    """What is news is kept to be taken in at once; a webhook of something so young may still be on its way."""
    held = reading.held
    with held.writing() as (_session, row):
        events = unheard.news(held.connection_id, changes)
        row.found += unpacking.remember(held.connection_id, events, None, settles=timedelta(0))
        row.reads = reading.reads
        late = [event.at for event in events if event.at is not None and event.at < held.began - overlap]
        row.missed_at = max(filter(None, (row.missed_at, *late)), default=None)


def _compare_instead(engine: Engine, held: CursorClaim) -> None:
    """Too long ago, or too much: the lists are read whole, and a full comparison looks at everything else."""
    catalogue.refresh(engine.quickbooks, held.connection_id)
    with held.writing() as (session, row):
        instead = ReconciliationRun(connection_id=held.connection_id, asked_by=ASKED_BY, is_full=True)
        instead.asked_at = clock.now()
        session.add(instead)
        session.flush()
        row.run_id, row.last_gap = instead.id, row.gap
        row.gap = row.held_until = row.problem = None
