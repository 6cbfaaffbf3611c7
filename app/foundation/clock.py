"""The only reader of the time, so that tests and simulated weeks can hold it still or move it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the portal asks of a clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards; only differences mean anything."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let real seconds pass."""
        time.sleep(seconds)


class HeldClock:
    """A clock that stands still until it is moved; sleeping moves it."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._start = start

    def now(self) -> datetime:
        """The moment at which the clock is held, in UTC."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return (self._now - self._start).total_seconds()

    def sleep(self, seconds: float) -> None:
        """Move on at once by so many seconds."""
        self.move(timedelta(seconds=max(seconds, 0)))

    def move(self, by: timedelta) -> None:
        """Move on, or back, by this much."""
        self._now += by


_APART = timedelta(minutes=2)
_clock: Clock = SystemClock()


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _clock.now()


def latest(at: datetime | None = None) -> datetime:
    """The latest moment that a clock of ours can show at this one, or now: two machines are at most two minutes apart.

    What is said to have happened after it was written by a clock that was ahead and has been put back since: a moment
    that is no reason to wait. Of what was put off for some time, the same is true so much later.
    """
    return (at or now()) + _APART


def monotonic() -> float:
    """Seconds that never run backwards."""
    return _clock.monotonic()


def sleep(seconds: float) -> None:
    """Let so many seconds pass on the clock in use."""
    _clock.sleep(seconds)


@contextmanager
def use(clock: Clock) -> Iterator[Clock]:
    """Read the time from this clock until the block ends; for tests and simulations, never inside a request."""
    global _clock  # noqa: PLW0603 - one clock a process is the point
    before, _clock = _clock, clock
    try:
        yield clock
    finally:
        _clock = before
