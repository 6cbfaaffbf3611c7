"""What goes wrong on the way to QuickBooks, drawn from a seed: faults of single calls, and outages of everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

FAULTS = (
    "lost_before",
    "lost_after",
    "server_error",
    "server_error_after",
    "html_502",
    "half_answer",
    "stream_timeout",
    "throttle",
    "unauthorized",
    "wrong_cluster",
)
"""The simulator's own words for what it does to a call."""
DOWN = ("lost_before", "server_error", "html_502", "not_sent")
"""What calls meet while everything is down."""
SLOW = "slow"


@dataclass(frozen=True)
class Fate:
    """What becomes of one call: a word for what strikes it, and how many seconds it travels there and back.

    Of a slow one `share` says when in its time it arrives; its answer comes too late.
    """

    effect: str
    there: float
    back: float
    share: float


@dataclass
class Weather:
    """Draws the fate of each call. `calm` is the weather of a quiet period: calls take their time and succeed."""

    lot: Random
    fault_rate: float = 0.0
    slow_rate: float = 0.0
    outages: Sequence[tuple[datetime, datetime]] = ()
    calm: bool = False
    ordered: list[str] = field(default_factory=list)
    """What strikes the next calls, one after the other, whatever is drawn."""

    def fate(self, now: datetime) -> Fate:
        """The fate of a call that leaves now."""
        there, back, share = self.lot.uniform(0.02, 0.15), self.lot.uniform(0.1, 0.4), self.lot.random()
        return Fate(self._effect(now), there, back, share=share)

    def _effect(self, now: datetime) -> str:
        if self.ordered:
            return self.ordered.pop(0)
        if self.calm:
            return ""
        if any(begins <= now < ends for begins, ends in self.outages):
            return self.lot.choice(DOWN)
        drawn = self.lot.random()
        if drawn < self.fault_rate:
            return self.lot.choice(FAULTS)
        return SLOW if drawn < self.fault_rate + self.slow_rate else ""
