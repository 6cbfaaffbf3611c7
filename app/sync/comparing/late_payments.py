"""Payments of documents that were tied only now: one older than the last comparison is not among what changed since."""

from __future__ import annotations

from sqlalchemy import select

from app.foundation import clock
from app.foundation.database import db
from app.sync.comparing.drifts import ReconciliationRun, RunState


def ask(connection_id: int, asked_by: str) -> None:
    """Let a comparison read the whole company, and so all its payments, in the caller's transaction."""
    waiting = (ReconciliationRun.connection_id == connection_id, ReconciliationRun.state == RunState.WAITING)
    run = db.session.scalars(select(ReconciliationRun).where(*waiting).limit(1)).first()
    if run is None:
        run = ReconciliationRun(connection_id=connection_id, asked_by=asked_by, asked_at=clock.now())
        db.session.add(run)
    run.is_full = True
