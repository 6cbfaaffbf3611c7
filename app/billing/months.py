"""Spans of days as whole months and the days beside them: sums are kept by months. Pure.

A month is a number: that of November 2026 is 202611.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

_DAY = timedelta(days=1)


class Span(NamedTuple):
    """Days from one to another, both included; None is the beginning, or the end, of all days."""

    since: date | None
    until: date | None


class Parts(NamedTuple):
    """A span in two: the whole months in it (from the first to the last, both included), and what is beside them.

    `first` and `last` are None where a span has no beginning or no end.
    """

    has_months: bool
    first: int | None
    last: int | None
    beside: tuple[Span, ...]


def month_of(day: date) -> int:
    """The number of its month."""
    return day.year * 100 + day.month


def parts_of(span: Span) -> Parts:
    """The months of a span; one that has none is beside them altogether."""
    if date.max.year in {day.year for day in span if day}:
        return Parts(has_months=False, first=None, last=None, beside=(span,))
    begin, end = span.since and _begin_from(span.since), span.until and _end_until(span.until)
    if begin and end and begin > end:
        return Parts(has_months=False, first=None, last=None, beside=(span,))
    beside = (*_before(span.since, begin), *_after(end, span.until))
    return Parts(has_months=True, first=_number(begin), last=_number(end), beside=beside)


def _number(day: date | None) -> int | None:
    return month_of(day) if day else None


def _before(since: date | None, begin: date | None) -> tuple[Span, ...]:
    return (Span(since, begin - _DAY),) if begin and begin != since else ()


def _after(end: date | None, until: date | None) -> tuple[Span, ...]:
    return (Span(end + _DAY, until),) if end and end != until else ()


def _begin_from(day: date) -> date:
    """The first month that begins on this day or later."""
    return day if day.day == 1 else ((day.replace(day=1) + 31 * _DAY).replace(day=1))


def _end_until(day: date) -> date:
    """The last day of the last month that has ended by the end of this day."""
    return (day + _DAY).replace(day=1) - _DAY
