"""Days and weeks of many companies, with crashes, faults and month-ends, in seconds and from a seed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest

from tests.simulated.week import A_DAY, A_WEEK, simulate

SEED = int(os.environ.get("PROVE_SEED", "7"))
SHARE = 0.25
"""Of the budget of a whole run."""
TEN_COMPANIES = replace(A_WEEK, companies=10, crashes=30, fault_rate=0.03)


def test_after_a_rough_day_both_sides_agree_and_the_seed_brings_it_again() -> None:
    day = simulate(7, A_DAY)
    assert day.faults == []
    assert day.counts["crashes"] > 0
    assert day.counts["calls_that_failed"] > 0
    assert simulate(7, A_DAY).digest == day.digest


def test_another_seed_brings_another_day() -> None:
    brief = replace(A_DAY, companies=1, acts_a_day=(2, 3), crashes=1)
    assert simulate(8, brief).digest != simulate(9, brief).digest


@pytest.mark.prove
def test_after_every_week_both_sides_agree(record_property: Callable[[str, object], None]) -> None:
    end = time.monotonic() + SHARE * float(os.environ.get("PROVE_BUDGET_SECONDS", "60"))
    for seed in count(SEED):
        week = simulate(seed, TEN_COMPANIES)
        assert week.faults == [], f"seed {seed}"
        record_property("simulated_hours", week.simulated_hours)
        record_property("simulated_crashes", week.counts["crashes"])
        record_property("simulated_documents", week.counts["documents"])
        if time.monotonic() > end:
            return
