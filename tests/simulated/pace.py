"""A guard against endless loops: where much is done while simulated time hardly passes, the run fails and says what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

SPAN = 60.0
"""Seconds of simulated time. Whoever hesitates lets hundredths of them pass, so a loop need not stand still."""


class StandstillError(Exception):
    """The same was done again and again while hardly any simulated time passed."""


@dataclass
class Pace:
    """Counts what is done in a minute of simulated time; no real work comes near `most`."""

    most: int
    _since: float = 0.0
    _done: Counter[str] = field(default_factory=Counter)

    def step(self, now: float, what: str) -> None:
        """This is done now, in seconds since the beginning. Raises StandstillError when it was done too often."""
        if now - self._since >= SPAN:
            self._since = now
            self._done.clear()
        self._done[what] += 1
        if self._done[what] > self.most:
            raise StandstillError(f"{what} more than {self.most} times in a minute, {now:.0f} s after the beginning")
