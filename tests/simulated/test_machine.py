"""Whatever people, bookkeepers, crashes and weather do in whatever order: in the end both sides agree, or say why."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulated.house import built
from tests.simulated.machine import Engine

SEED = int(os.environ.get("PROVE_SEED", "7"))
SHARE = 0.3
"""Of the budget of a whole run."""
LOT = 25
"""Stories told from one seed; then the budget is looked at."""
ALWAYS = settings(
    stateful_step_count=25, database=None, deadline=None, print_blob=False, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[type[Engine]]:
    """Give the machine a portal that all its stories share, one after the other."""
    with built(tmp_path_factory.mktemp("machine")) as app:
        Engine.app = app
        yield Engine


def test_in_a_few_stories_both_sides_agree_in_the_end(engine: type[Engine]) -> None:
    run_state_machine_as_test(engine, settings=settings(ALWAYS, max_examples=10, derandomize=True))


@pytest.mark.prove
def test_in_many_stories_both_sides_agree_in_the_end(
    engine: type[Engine], record_property: Callable[[str, object], None]
) -> None:
    end = time.monotonic() + SHARE * float(os.environ.get("PROVE_BUDGET_SECONDS", "60"))
    for number in count():
        story = seed(SEED + number)(type("SeededEngine", (engine,), {}))
        run_state_machine_as_test(story, settings=settings(ALWAYS, max_examples=LOT, stateful_step_count=40))
        record_property("stories", LOT)
        if time.monotonic() > end:
            return
