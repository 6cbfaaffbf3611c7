"""What becomes of a message or an envelope after a failure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.quickbooks import errors
from app.sync.judging.verdicts import LONGEST_PAUSE, LOOK_UP_AFTER, Fate, judge, must_look_first, pause_before

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def told(kind: type[errors.QuickBooksError], code: str, detail: str) -> errors.QuickBooksError:
    return kind("", errors.Evidence(code=code, detail=detail))


@pytest.mark.parametrize(
    ("error", "linked", "fate", "blocker"),
    [
        (errors.UnknownOutcome(), False, Fate.REPEAT_ENVELOPE, ""),
        (errors.NotSent(), False, Fate.REPEAT_ENVELOPE, ""),
        (errors.Throttled(), False, Fate.PAUSE, ""),
        (errors.ReconnectNeeded(), False, Fate.RECONNECT, "connection"),
        (errors.TryLater(), False, Fate.TRY_AGAIN, ""),
        (errors.AppKeysRefused(), False, Fate.PAUSE, ""),
        (errors.Stale(), True, Fate.READ_AGAIN, ""),
        (errors.NumberTaken(), False, Fate.LOOK_UP_NUMBER, ""),
        (errors.NameTaken(), False, Fate.LOOK_UP_NAME, ""),
        (errors.ClosedBooks(), False, Fate.LOOK_AT_COMPANY, "closed_books"),
        (errors.CompanyReadOnly(), False, Fate.LOOK_AT_COMPANY, "company_read_only"),
        (errors.NotFound(), True, Fate.GONE, ""),
        (told(errors.NotFound, "610", "Something you're trying to use"), True, Fate.LOOK_UP_REFERENCE, ""),
        (told(errors.Refused, "2500", "Invalid Reference Id"), False, Fate.LOOK_UP_REFERENCE, ""),
        (errors.NotFound(), False, Fate.PARK, ""),
        (errors.Refused(), True, Fate.PARK, ""),
        (errors.QuickBooksError(), False, Fate.PARK, ""),
        (KeyError("a defect"), False, Fate.PARK, ""),
    ],
)
def test_each_kind_of_trouble_has_its_fate(error: Exception, *, linked: bool, fate: Fate, blocker: str) -> None:
    verdict = judge(error, linked=linked)
    assert (verdict.fate, verdict.blocker) == (fate, blocker)


@given(st.integers(0, 1000), st.integers(), st.floats(0.001, 3600))
def test_a_pause_lies_within_its_bounds(tries: int, seed: int, base: float) -> None:
    pause = pause_before(tries, Random(seed), base)
    assert timedelta() <= pause <= LONGEST_PAUSE
    assert pause <= timedelta(seconds=base * 4 ** min(tries, 12)) + timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("first_sent_at", "looks"),
    [
        *((None, False), (NOW, False), (NOW + timedelta(minutes=2), False), (NOW + timedelta(days=3), True)),
        *((NOW - LOOK_UP_AFTER, False), (NOW - LOOK_UP_AFTER - timedelta(seconds=1), True)),
    ],
)
def test_after_twelve_hours_we_look_before_we_repeat(first_sent_at: datetime | None, *, looks: bool) -> None:
    assert must_look_first(first_sent_at, NOW) is looks
