"""What a company teaches us that throttles us although we keep to Intuit's limits."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.quickbooks import limits
from app.quickbooks.calls import CallForm
from app.quickbooks.limits import Desk, Rates
from tests.quickbooks.windows import Departure, most_in, overfull

RATES = Rates()
NOW = 1_780_000_000.0


def slowed(seconds: float = 60.0, desk: Desk | None = None, now: float = NOW) -> Desk:
    """Give a desk that has just been throttled."""
    return limits.throttled(desk or Desk(), now, seconds, RATES)


def test_a_throttling_halves_the_pace_and_quiet_minutes_lead_to_just_below_what_was_too_much() -> None:
    desk = slowed(60)
    quiet = [limits.pace_at(desk, NOW + 60 + seconds) for seconds in (0, 59, 60, 120, 600, 1800)]
    assert quiet == pytest.approx([0.5, 0.5, 0.725, 0.8375, 0.95, 0.95], abs=0.001)


def test_after_half_an_hour_more_is_tried_until_all_is_used_again() -> None:
    desk = slowed(60)
    assert limits.pace_at(desk, NOW + 60 + 32 * 60) == pytest.approx(0.96)
    assert limits.full_pace_at(desk) == NOW + 60 + 35 * 60
    assert limits.pace_at(desk, limits.full_pace_at(desk) - 60) < limits.pace_at(desk, NOW + 60 + 35 * 60) == 1.0


@given(st.floats(1 / 16, 1), st.integers(0, 10_000), st.integers(0, 600))
def test_a_quiet_minute_never_slows_down_and_no_pace_leaves_its_bounds(pace: float, now: int, later: int) -> None:
    desk = Desk(pace=pace, paced_at=NOW)
    assert 1 / 16 <= limits.pace_at(desk, NOW + now) <= limits.pace_at(desk, NOW + now + later) <= 1
    assert limits.pace_at(desk, limits.full_pace_at(desk)) == 1.0


def test_a_company_never_throttled_has_the_whole_of_our_rates() -> None:
    assert limits.pace_at(Desk(), NOW) == 1.0


def test_two_calls_that_were_on_their_way_together_slow_us_down_once() -> None:
    desk = slowed(90, slowed(60), NOW + 0.3)
    assert limits.pace_at(desk, NOW + 91) == 0.5
    assert desk.paused_until == desk.paced_at == NOW + 90.3


def test_one_throttling_after_another_goes_down_to_a_sixteenth_and_not_to_nothing() -> None:
    desk, now = Desk(), NOW
    for _throttling in range(20):
        desk, now = slowed(1, desk, now), now + 2
    assert limits.pace_at(desk, now) == 1 / 16
    assert RATES.at(1 / 16) == replace(RATES, a_second=0.5, batches=2)
    assert Rates(batches=3).at(1 / 16).batches == 1


def test_limits_lifted_by_ourselves_teach_nothing() -> None:
    desk = limits.throttled(Desk(), NOW, 60, replace(RATES, lifted=True))
    assert (limits.pace_at(desk, NOW + 60), desk.paused_until) == (1.0, NOW + 60)


def test_the_wish_to_wait_is_obeyed_to_the_second() -> None:
    assert limits.decide(slowed(37), NOW + 36.5, CallForm.READ, RATES)[1:] == (0.5, "QuickBooks asked us to wait")
    assert limits.decide(slowed(37), NOW + 37, CallForm.READ, RATES)[1] == 0


def test_at_half_the_pace_half_as_much_leaves() -> None:
    desk = replace(slowed(0.0), paced_at=NOW + 1e9)
    assert len(leaving(desk, CallForm.WRITE, 60)) == 60 * 4 + 1
    assert len(leaving(desk, CallForm.BATCH, 59)) == 20


def test_a_person_and_a_read_go_before_the_run_where_the_pace_leaves_one_call() -> None:
    desk, _wait, _why = limits.decide(Desk(), NOW, CallForm.BATCH, RATES)
    waits = [limits.decide(desk, NOW, form, RATES)[1] for form in (CallForm.WRITE, CallForm.READ, CallForm.BATCH)]
    assert waits == pytest.approx([0, 0, 0.125])


@pytest.mark.parametrize(
    ("form", "bears", "share"),
    [
        (CallForm.BATCH, 2, 0.9),
        (CallForm.BATCH, 5, 0.9),
        (CallForm.BATCH, 20, 0.9),
        (CallForm.BATCH, 30, 0.9),
        (CallForm.BATCH, 39, 0.9),
        pytest.param(CallForm.WRITE, 60, 0.85, marks=pytest.mark.prove),
        pytest.param(CallForm.WRITE, 240, 0.9, marks=pytest.mark.prove),
        pytest.param(CallForm.READ, 400, 0.85, marks=pytest.mark.prove),
    ],
)
def test_what_a_slower_company_bears_is_used_and_it_seldom_has_to_throttle_us(
    form: CallForm, bears: int, share: float
) -> None:
    """It bears so many calls in any minute, for three hours; each call beyond is throttled with a pause of a minute.

    What it bears is learnt in the first ten minutes.
    """
    calls, throttled = live_with(bears, form, minutes=180)
    assert overfull(calls) == []
    assert len(calls) - len(throttled) > share * bears * 180
    assert sum(moment > NOW + 600 for moment in throttled) <= 9


def live_with(bears: int, form: CallForm, minutes: int) -> tuple[list[Departure], list[float]]:
    """Let calls of one form leave one after the other for so long; (those that left, when one was throttled)."""
    desk, now, calls, throttled = Desk(), NOW, list[Departure](), list[float]()
    while now < NOW + minutes * 60:
        desk, wait, _why = limits.decide(desk, now, form, RATES)
        if wait > 0:
            now += wait
            continue
        calls.append(Departure(form, now, now))
        desk = limits.landed(desk, now, form)
        if most_in(60, [call.left for call in calls[-bears - 1 :]]) > bears:  # the last ones suffice
            throttled.append(now)
            desk = limits.throttled(desk, now, 60.0, RATES)
    assert all(later - sooner >= 60 for sooner, later in pairwise(throttled))
    return calls, throttled


def leaving(desk: Desk, form: CallForm, seconds: float) -> list[float]:
    """The moments at which calls of one form leave."""
    now, left = NOW, list[float]()
    while now < NOW + seconds:
        desk, wait, _why = limits.decide(desk, now, form, RATES)
        left += [] if wait > 0 else [now]
        desk = desk if wait > 0 else limits.landed(desk, now, form)
        now += wait
    return left


def test_a_clock_that_is_put_back_keeps_neither_a_pause_nor_a_pace_until_it_has_caught_up() -> None:
    desk, hour_before = slowed(60), NOW - 3600
    desk, wait, _why = limits.decide(desk, hour_before, CallForm.WRITE, RATES)
    assert wait == 0
    assert limits.pace_at(desk, hour_before + 2100) == 1.0
