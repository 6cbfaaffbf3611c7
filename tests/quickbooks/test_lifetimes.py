"""When a permission ends."""

from datetime import UTC, datetime, timedelta

import pytest

from app.quickbooks.lifetimes import ending, is_quiet

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FAR = NOW + timedelta(days=1000)


def within(days: float) -> datetime:
    return NOW + timedelta(days=days)


@pytest.mark.parametrize(("days", "warning"), [(14, 14), (7.1, 14), (7, 7), (2.1, 7), (2, 2), (0.5, 2), (-1, 2)])
def test_an_end_that_is_near_has_the_warning_of_its_days(days: float, warning: int) -> None:
    near = ending(within(days), FAR, NOW)
    assert near is not None
    assert (near.at, near.warning, near.for_good) == (within(days), warning, False)


def test_an_end_that_is_far_away_or_not_known_needs_no_warning() -> None:
    assert ending(within(14.1), None, NOW) is None
    assert ending(None, None, NOW) is None


def test_the_end_that_comes_first_counts_and_the_hard_one_says_so() -> None:
    near = ending(within(100), within(6), NOW)
    assert near is not None
    assert near.for_good
    assert near.words.startswith("The permission to use QuickBooks ends in 6 days: QuickBooks ends every permission")


def test_the_last_day_is_one_day_and_after_the_end_there_is_none() -> None:
    words = [near.words for near in (ending(within(days), None, NOW) for days in (1, -3)) if near]
    assert ["in 1 day:" in words[0], "in 0 days:" in words[1]] == [True, True]


def test_a_week_without_a_token_is_quiet() -> None:
    assert [is_quiet(at, NOW) for at in (None, within(-7), within(-7.01))] == [False, False, True]
