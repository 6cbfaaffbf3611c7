"""How fast a company is told, measured from what was settled lately; nothing is guessed where nothing is known."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.foundation.database import db
from app.sync.records.attempts import Attempt, Outcome

OVER = timedelta(minutes=5)
FEWEST = 3
"""Settled operations from which a rate can be told."""
STALE_AFTER = timedelta(minutes=1)
_LOOKED_AT = 1000
_LEAST_SPAN = timedelta(seconds=10)
"""Of one batch that was answered at once no rate per minute can be told: that would be thousands."""
_SETTLED = (Outcome.SENT, Outcome.MATCHED, Outcome.ADOPTED)


def measured(connection_id: int, now: datetime, since: datetime | None = None) -> float | None:
    """Operations a minute over the last five, of the last thousand attempts at most; none from before `since`.

    A queue's pace is measured from its beginning: the few writes of a quiet hour before it were no pace.
    """
    begin = max(now - OVER, since or now - OVER)
    newest = (
        select(Attempt.at, Attempt.outcome)
        .where(Attempt.connection_id == connection_id)
        .order_by(Attempt.id.desc())
        .limit(_LOOKED_AT)
        .subquery()
    )
    lately = (newest.c.at > begin, newest.c.outcome.in_(_SETTLED))
    number, first, last = db.session.execute(
        select(func.count(), func.min(newest.c.at), func.max(newest.c.at)).where(*lately)
    ).one()
    return rate(int(number), first, last, now) if number else None


def rate(number: int, first: datetime, last: datetime, now: datetime) -> float | None:
    """Settled a minute, from the first of them on; None where they are too few or the last is too long ago (pure)."""
    if number < FEWEST or now - last > STALE_AFTER:
        return None
    return number / (max(now - first, _LEAST_SPAN) / timedelta(minutes=1))
