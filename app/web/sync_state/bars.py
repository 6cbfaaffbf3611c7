"""The calls of the last hour as bars: places and heights of an SVG of 60 by 40 units (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.sync.watching.board import Minute

HEIGHT = 40
_LEAST_SCALE = 10
"""Requests a minute that fill the height at least, so that a single call is no tower."""


@dataclass(frozen=True)
class Bar:
    """One minute: where its parts begin and how high they are, in hundredths of a unit made whole; nothing is a gap."""

    at: datetime
    x: int
    well: tuple[float, float]
    throttled: tuple[float, float]
    errors: tuple[float, float]


def bars(minutes: Sequence[Minute]) -> list[Bar]:
    """One bar for each minute, stacked: what went well at the bottom, then throttled, then errors."""
    most = max([_LEAST_SCALE, *(minute.requests for minute in minutes)])
    return [_bar(minute, x, HEIGHT / most) for x, minute in enumerate(minutes)]


def _bar(minute: Minute, x: int, unit: float) -> Bar:
    heights = [round(number * unit, 2) for number in (minute.well, minute.throttled, minute.errors)]
    tops = [round(HEIGHT - sum(heights[: place + 1]), 2) for place in range(3)]
    well, throttled, errors = zip(tops, heights, strict=True)
    return Bar(minute.at, x, well, throttled=throttled, errors=errors)


def in_words(minutes: Sequence[Minute]) -> str:
    """The whole hour in a sentence, for whoever does not see the bars."""
    calls, throttled = sum(each.requests for each in minutes), sum(each.throttled for each in minutes)
    errors = sum(each.errors for each in minutes)
    busiest = max((each.requests for each in minutes), default=0)
    return f"{calls} calls in the last hour, at most {busiest} in a minute; {throttled} throttled, {errors} failed."
