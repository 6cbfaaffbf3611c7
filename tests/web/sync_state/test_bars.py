"""Bars of an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.sync.watching.board import Minute
from app.web.sync_state.bars import HEIGHT, bars, in_words

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def minute(ago: int, requests: int, throttled: int = 0, errors: int = 0) -> Minute:
    return Minute(NOON - timedelta(minutes=ago), requests, throttled, errors)


def test_the_busiest_minute_fills_the_height_and_parts_are_stacked() -> None:
    (bar,) = bars([minute(0, 40, throttled=10, errors=10)])
    assert (bar.well, bar.throttled, bar.errors) == ((20.0, 20.0), (10.0, 10.0), (0.0, 10.0))


def test_a_single_call_is_no_tower() -> None:
    (bar,) = bars([minute(0, 1)])
    assert bar.well[1] == HEIGHT / 10


def test_the_hour_in_words() -> None:
    said = in_words([minute(1, 5), minute(0, 7, throttled=1, errors=2)])
    assert said == "12 calls in the last hour, at most 7 in a minute; 1 throttled, 2 failed."
    assert in_words([]).startswith("0 calls")
