"""Days and weeks of many companies, with crashes, faults and month-ends, in seconds and from a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from flask import Flask

from tests.proving import SEED, Budget
from tests.simulated.week import A_DAY, A_WEEK, Outcome, simulate

A_SEED = 8
TEN_COMPANIES = replace(A_WEEK, companies=10, crashes=30, fault_rate=0.03)
LONG = 600.0
"""Seconds of a budget in which forty companies come to the end of their week."""


@pytest.fixture(scope="module")
def day(simulated_app: Flask) -> Outcome:
    """Give a day of one company."""
    return simulate(A_SEED, A_DAY, app=simulated_app)


def test_after_a_rough_day_both_sides_agree(day: Outcome) -> None:
    assert day.faults == []
    assert day.counts["crashes"] > 0
    assert day.counts["calls_that_failed"] > 0


def test_the_seed_brings_the_day_again(day: Outcome, simulated_app: Flask) -> None:
    assert simulate(A_SEED, A_DAY, app=simulated_app).digest == day.digest


@pytest.mark.prove
def test_another_seed_brings_another_day(day: Outcome, simulated_app: Flask) -> None:
    assert simulate(A_SEED + 5, A_DAY, app=simulated_app).digest != day.digest


@pytest.mark.prove
@pytest.mark.usefixtures("new_request_ids")
def test_that_a_repeated_write_has_a_new_request_id_is_found_out_within_days(simulated_app: Flask) -> None:
    days = (simulate(seed, A_DAY, app=simulated_app) for seed in range(A_SEED, A_SEED + 5))
    assert any("is there 2 times" in fault for day in days for fault in day.faults)


@pytest.mark.prove(weight=4)
def test_after_every_week_both_sides_agree(
    simulated_app: Flask, budget: Budget, record_property: Callable[[str, object], None]
) -> None:
    plan = A_WEEK if budget.seconds >= LONG else TEN_COMPANIES
    for seed in count(SEED):
        week = simulate(seed, plan, app=simulated_app)
        assert week.faults == [], f"seed {seed}"
        record_property("simulated_hours", week.simulated_hours)
        record_property("simulated_crashes", week.counts["crashes"])
        record_property("simulated_documents", week.counts["documents"])
        if budget.is_used_up():
            return
