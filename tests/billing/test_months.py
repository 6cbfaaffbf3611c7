"""Spans of days in months and what is beside them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.billing.months import Parts, Span, month_of, parts_of

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
_ALL = [date(2023, 12, 1) + timedelta(days=n) for n in range(1200)]


def days_of(parts: Parts) -> list[date]:
    first, last = parts.first or 0, parts.last or 999999
    months = [day for day in _ALL if parts.has_months and first <= month_of(day) <= last]
    return sorted(months + [day for span in parts.beside for day in of_span(span)])


def of_span(span: Span) -> list[date]:
    since, until = span.since or _ALL[0], span.until or _ALL[-1]
    return [day for day in _ALL if since <= day <= until]


@given(st.none() | DAYS, st.none() | DAYS)
def test_months_and_the_days_beside_them_are_the_span_and_no_day_is_there_twice(
    since: date | None, until: date | None
) -> None:
    assert days_of(parts_of(Span(since, until))) == of_span(Span(since, until))


@given(DAYS, DAYS)
def test_the_days_beside_the_months_are_fewer_than_two_months(since: date, until: date) -> None:
    months = parts_of(Span(since, until))
    assert not months.has_months or len(days_of(months._replace(has_months=False))) <= 60


def test_a_year_is_its_months_alone() -> None:
    assert parts_of(Span(date(2025, 1, 1), date(2025, 12, 31))) == (True, 202501, 202512, ())


@pytest.mark.parametrize("span", [Span(date(9999, 12, 5), None), Span(None, date.max), Span(date(9999, 2, 1), None)])
def test_the_last_days_that_a_calendar_has_are_no_months(span: Span) -> None:
    assert parts_of(span) == (False, None, None, (span,))
