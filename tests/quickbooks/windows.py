"""The checker of departures: how full was the fullest window, whoever let the calls leave. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from app.quickbooks.calls import CallForm

_ALLOWED = {"second": 10, "minute": 500, "minute of batches": 40}
_EDGE = 1e-6
"""Two moments exactly a window apart, reckoned in fractions, lie in two windows."""


class Departure(NamedTuple):
    """One call that left: when, and when its answer was here, in seconds."""

    form: CallForm
    left: float
    landed: float


def most_in(seconds: float, moments: Sequence[float]) -> int:
    """The largest number of moments that lie in any window of this length."""
    moments = sorted(moments)
    return max((i + 1 - bisect_left(moments, end - seconds + _EDGE) for i, end in enumerate(moments)), default=0)


def overfull(calls: Sequence[Departure]) -> list[str]:
    """Each of Intuit's limits that some window exceeds; empty when none does."""
    left = [call.left for call in calls]
    fullest = {"second": most_in(1, left), "minute": most_in(60, left), "minute of batches": worst_batches(calls)}
    return [f"{seen} in a {window}" for window, seen in fullest.items() if seen > _ALLOWED[window]]


def worst_batches(calls: Sequence[Departure]) -> int:
    """The most batches that can have arrived in a minute: the first as late as it can, all others as early."""
    batches = sorted(call for call in calls if call.form is CallForm.BATCH)
    left = sorted(call.left for call in batches)
    return max((bisect_left(left, one.landed + 60 - _EDGE) - bisect_left(left, one.left) for one in batches), default=0)
