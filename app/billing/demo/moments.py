"""The process's clock, moved back to a working day."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time

from app.foundation import clock
from app.foundation.clock import Clock, HeldClock

_OPENS_AT = time(9, 30)


def on(day: date, latest: datetime) -> AbstractContextManager[Clock]:
    """Half past nine of that day, but never later than this moment."""
    return clock.use(HeldClock(min(datetime.combine(day, _OPENS_AT, UTC), latest)))
