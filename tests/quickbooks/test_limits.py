"""Intuit's limits, over any run of calls."""

import heapq
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from app.quickbooks import limits
from app.quickbooks.calls import CallForm
from app.quickbooks.limits import Desk, Rates
from tests import portal
from tests.quickbooks.windows import Departure, overfull, worst_batches

RATES = Rates(batch_seconds=60)
NOW = 1_780_000_000.0
LANDED, THROTTLED = -1, -2
SECONDS = some.floats(0, 4) | some.sampled_from([0.0, 0.001, 0.05])
# (the call, how long it takes, how long the sender then idles), again and again.
Plan = list[tuple[CallForm, float, float]]


def plans(*forms: CallForm) -> some.SearchStrategy[Plan]:
    """What one sender does, one call after the other."""
    idle = some.sampled_from([0.0, 0.0, 0.0, 0.5, 20.0])
    round_of_calls = some.lists(some.tuples(some.sampled_from(forms), SECONDS, idle), min_size=1, max_size=12)
    return some.tuples(round_of_calls, some.integers(1, 15)).map(lambda pair: pair[0] * pair[1])


WRITER, READER = plans(CallForm.WRITE, CallForm.BATCH), plans(CallForm.READ)


def run(plans: list[Plan], throttled_at: frozenset[int] = frozenset()) -> list[Departure]:
    """Let each plan's calls leave one after the other, as soon as they may; some of them are throttled."""
    desk, calls = Desk(), list[Departure]()
    # Moment, sender, step, and what lands at this moment, if it is a landing; -2 for one that is throttled.
    turns: list[tuple[float, int, int, CallForm | None]] = [(NOW, who, 0, None) for who in range(len(plans))]
    while turns:
        now, who, step, landing = heapq.heappop(turns)
        if landing is not None:
            desk = limits.landed(desk, now, landing)
            desk = limits.throttled(desk, now, 7.0, RATES) if step == THROTTLED else desk
        elif step < len(plans[who]):
            form, seconds, idle = plans[who][step]
            desk, wait, _why = limits.decide(desk, now, form, RATES)
            if wait > 0:
                heapq.heappush(turns, (now + wait, who, step, None))
                continue
            heapq.heappush(turns, (now + seconds, who, THROTTLED if len(calls) in throttled_at else LANDED, form))
            heapq.heappush(turns, (now + seconds + idle + 1e-9, who, step + 1, None))
            calls.append(Departure(form, now, now + seconds))
    return calls


@given(WRITER, READER, some.frozensets(some.integers(0, 60), max_size=8))
def test_no_window_ever_holds_more_than_intuit_allows(writer: Plan, reader: Plan, throttled_at: frozenset[int]) -> None:
    calls = run([writer, reader], throttled_at)
    assert len(calls) == len(writer) + len(reader)
    assert overfull(calls) == []


@given(WRITER | plans(CallForm.BATCH))
@example([(CallForm.BATCH, 0.05, 0.0)] * 90)
@example([(CallForm.BATCH, 3.0, 0.0)] + [(CallForm.BATCH, 0.0, 0.0)] * 90)
def test_no_minute_sees_more_than_forty_batches_arrive(writer: Plan) -> None:
    assert worst_batches(run([writer])) <= 40


def test_a_steady_sender_gets_eight_a_second() -> None:
    moments = [call.left for call in run([[(CallForm.WRITE, 0.0, 0.0)] * 481])]
    assert moments[-1] - moments[0] == pytest.approx(479 / 8)
    assert moments[1] - moments[0] < 0.001
    assert all(later - sooner == pytest.approx(0.125, abs=0.001) for sooner, later in pairwise(moments[1:]))


def test_limits_that_are_lifted_let_everything_leave() -> None:
    desk, lifted = Desk(), replace(RATES, lifted=True)
    for _call in range(100):
        desk, wait, _why = limits.decide(desk, NOW, CallForm.BATCH, lifted)
        assert wait <= 0
    desk = limits.paused(desk, NOW, 5, "asked to wait")
    assert limits.decide(desk, NOW, CallForm.READ, lifted)[1:] == (5, "asked to wait")


def test_a_pause_holds_until_it_is_over_and_a_shorter_one_does_not_end_it() -> None:
    desk = limits.paused(limits.paused(Desk(), NOW, 60, "first"), NOW, 5, "second")
    assert limits.decide(desk, NOW + 10, CallForm.READ, RATES)[1:] == (50, "first")
    assert limits.decide(desk, NOW + 60, CallForm.READ, RATES)[1] == 0


def test_five_unknown_outcomes_of_one_subject_say_nothing_about_the_company() -> None:
    desk = Desk()
    for _try in range(9):
        desk = limits.unknown_outcome(desk, NOW, "one", RATES)
    assert desk.breaker_step == 0


def test_five_unknown_outcomes_over_two_subjects_open_the_breaker() -> None:
    desk = Desk()
    for subject in ("one", "one", "one", "two"):
        desk = limits.unknown_outcome(desk, NOW, subject, RATES)
    assert desk.breaker_step == 0
    desk = limits.unknown_outcome(desk, NOW, "two", RATES)
    assert limits.decide(desk, NOW, CallForm.WRITE, RATES)[1] == 30


def test_an_open_breaker_lets_one_probe_out_at_growing_intervals() -> None:
    desk, now = opened(), NOW + 30
    for pause in (60, 120, 240, 480, 900, 900):
        desk, wait, _why = limits.decide(desk, now, CallForm.WRITE, RATES)
        assert wait == 0
        assert limits.decide(desk, now + 1, CallForm.READ, RATES)[1] > 0  # nobody else while the probe is out
        desk = limits.unknown_outcome(desk, now, "probe", RATES)
        assert limits.decide(desk, now, CallForm.WRITE, RATES)[1] == pause
        now += pause


def test_any_answer_closes_the_breaker() -> None:
    desk = limits.known_outcome(opened())
    assert limits.decide(desk, NOW, CallForm.WRITE, RATES)[1] == 0
    assert (desk.unknown_streak, desk.unknown_subjects, desk.breaker_step) == (0, (), 0)


def test_a_probe_whose_sender_died_does_not_close_the_company_for_good() -> None:
    desk, _wait, _why = limits.decide(opened(), NOW + 30, CallForm.WRITE, RATES)
    assert limits.decide(desk, NOW + 30 + RATES.batch_seconds, CallForm.WRITE, RATES)[1] == 0


def test_a_clock_that_is_put_back_stops_nobody_for_long() -> None:
    desk = Desk()
    for _batch in range(40):
        desk = limits.decide(desk, NOW + len(desk.batches), CallForm.BATCH, RATES)[0]
    hour_before = NOW - 3600
    assert limits.decide(desk, hour_before, CallForm.WRITE, RATES)[1] <= 1
    assert limits.decide(desk, hour_before, CallForm.BATCH, RATES)[1] <= 120


def test_a_breaker_that_a_wrong_clock_opened_for_hours_lets_its_probe_out() -> None:
    assert limits.decide(opened(), NOW - 3600, CallForm.WRITE, RATES)[1] == 0


def test_rates_come_from_the_settings() -> None:
    settings = portal.settings_for("sqlite:///x", request_rate=2, batches_a_minute=4, governor=False)
    rates = Rates.of(settings)
    assert (rates.a_second, rates.batches, rates.lifted) == (2, 4, True)


def opened() -> Desk:
    """Give a desk whose breaker has just opened, for 30 seconds."""
    desk = Desk()
    for subject in ("one", "two", "one", "two", "one"):
        desk = limits.unknown_outcome(desk, NOW, subject, RATES)
    return desk
