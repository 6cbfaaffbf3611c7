"""How long a proof may go on: its part of the budget of `make prove`, by its weight among all proofs.

`@pytest.mark.prove(weight=3)` gives a proof three times the time of one that says nothing. The parts are cut so that
all proofs together, on as many processes as there are, take the budget; each does something, however small its part.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterable, Iterator

import pytest

SEED = int(os.environ.get("PROVE_SEED") or random.SystemRandom().randrange(1_000_000))
"""Without one it is drawn anew for each run; whoever fails says it."""
WHOLE_SECONDS = float(os.environ.get("PROVE_BUDGET_SECONDS", "60"))
_PROCESSES = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_FOR_WORK = 0.85
"""The rest goes to starting servers, and to what a proof has begun when its time is over."""

_weights = pytest.StashKey[float]()


class Budget:
    """The time of one proof, running since it was made."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def is_used_up(self) -> bool:
        """Whether its time is over."""
        return time.monotonic() >= self._end


def weight_of(item: pytest.Item) -> float:
    """The weight of a proof; nought for what is none."""
    mark = item.get_closest_marker("prove")
    return float(mark.kwargs.get("weight", 1)) if mark else 0.0


def part_of(weight: float, weights: Iterable[float], whole_seconds: float, processes: int) -> float:
    """Seconds for a proof among others (pure). None gets more than the whole, for it runs in one process."""
    total = sum(weights)
    return min(whole_seconds, whole_seconds * processes * weight / total) * _FOR_WORK if total else 0.0


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Weigh what is left when all others have chosen."""
    yield
    config.stash[_weights] = sum(weight_of(item) for item in items)


@pytest.fixture
def budget(request: pytest.FixtureRequest) -> Budget:
    """Give the time of this proof."""
    total = request.config.stash[_weights]
    weight = weight_of(request.node)
    return Budget(part_of(weight, [total], WHOLE_SECONDS, _PROCESSES))
