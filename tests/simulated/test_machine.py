"""Whatever people, bookkeepers, crashes and weather do in whatever order: in the end both sides agree, or say why."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.proving import SEED, Budget
from tests.simulated.machine import Engine

LOT = 5
"""Stories told from one seed; then the budget is looked at."""
SHRINKING = (Phase.shrink,) if os.environ.get("SHRINK") else ()
"""Looking for the shortest story that fails takes many times as long as finding one: only where it is asked for."""
STORIES = settings(
    phases=(Phase.generate, *SHRINKING),
    stateful_step_count=40,
    max_examples=LOT,
    database=None,
    deadline=None,
    print_blob=False,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


def tell(app: Flask, number: int, chosen: settings) -> None:
    """Tell the stories of a seed. Raises what the first one raises in which something does not hold."""
    run_state_machine_as_test(seed(number)(type("Story", (Engine,), {"app": app})), settings=chosen)


def test_in_a_few_stories_both_sides_agree_in_the_end(simulated_app: Flask) -> None:
    tell(simulated_app, 7, settings(STORIES, max_examples=2, stateful_step_count=12))


@pytest.mark.prove(weight=3)
def test_in_many_stories_both_sides_agree_in_the_end(
    simulated_app: Flask, budget: Budget, record_property: Callable[[str, object], None]
) -> None:
    for number in count(SEED):
        tell(simulated_app, number, STORIES)
        record_property("stories", LOT)
        if budget.is_used_up():
            return
