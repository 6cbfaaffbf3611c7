"""The claim on a comparison: one worker carries it out, and one that was taken for dead writes nothing of it any more.

The moment at which a claim began is its mark: whoever claims the run after it writes another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.database import rows_changed, transaction
from app.sync.comparing.drifts import ReconciliationRun, RunState
from app.sync.records.holding import hold

CLAIMED_FOR = timedelta(minutes=5)
"""A run whose worker has shown no progress for so long is begun anew by another."""


class TakenOverError(Exception):
    """Another worker carries out this run by now."""


@dataclass(frozen=True)
class RunClaim:
    """The right to carry out a run, claimed at `since`."""

    run_id: int
    connection_id: int
    since: datetime

    def row(self, session: Session) -> ReconciliationRun:
        """The run, locked until the transaction ends. Raises TakenOverError where another has it."""
        row = session.get_one(ReconciliationRun, self.run_id, with_for_update=True, populate_existing=True)
        if (row.state, row.started_at) != (RunState.RUNNING, self.since):
            raise TakenOverError
        return row

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that is void when another has the run. Raises TakenOverError in that case."""
        with transaction() as session:
            self.row(session)
            yield session

    @contextmanager
    def settling(self) -> Iterator[Session]:
        """The same, with the company held: no answer, webhook or disconnect changes meanwhile what is looked at.

        What is decided in it has to be read in it. Raises TakenOverError.
        """
        with transaction() as session:
            hold(self.connection_id)
            self.row(session)
            yield session

    def tell(self, words: str) -> None:
        """Say how far we are; the run stays ours for so much longer."""
        with transaction() as session:
            row = self.row(session)
            row.progress, row.held_until = words, clock.now() + CLAIMED_FOR


def claim(run_id: int) -> RunClaim | None:
    """Claim a run that waits, or whose worker has fallen silent; None where another has it or it is over."""
    now = clock.now()
    held_until, began = ReconciliationRun.held_until, ReconciliationRun.started_at
    free = or_(held_until.is_(None), held_until <= now, began > clock.latest())
    open_states = (RunState.WAITING, RunState.RUNNING)
    wanted = {"state": RunState.RUNNING, "held_until": now + CLAIMED_FOR, "started_at": now}
    with transaction() as session:
        claimed = session.execute(
            update(ReconciliationRun)
            .where(ReconciliationRun.id == run_id, ReconciliationRun.state.in_(open_states), free)
            .values(**wanted, progress="Reading QuickBooks")
        )
        if not rows_changed(claimed):
            return None
        return RunClaim(run_id, session.get_one(ReconciliationRun, run_id).connection_id, now)
