"""A process is killed before and after every commit and every call; another finishes what it began (invariant 1)."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from tests.sync import mortal
from tests.sync.mortal import Point
from tests.sync.stage import SCENES, Stage, faults, set_up

pytestmark = pytest.mark.journey

SEED = int(os.environ.get("PROVE_SEED", "7"))
SHARE = 0.3
"""Of the budget of a whole run."""


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with set_up(f"sqlite:///{tmp_path_factory.mktemp('crashes') / 'portal.sqlite'}") as stage:
        yield stage


@pytest.fixture
def on_postgresql(postgresql_url: str) -> Iterator[Stage]:
    with set_up(postgresql_url) as stage:
        yield stage


def act(stage: Stage, point: Point | None) -> bool:
    """Let a process work that dies at a point, then one that does not; returns whether the first died there."""
    code = mortal.run(stage.order(point))[0] if point else 0
    assert code in {0, -signal.SIGKILL}, f"exit code {code}, {point}"
    stage.finish()
    assert faults(stage) == [], point
    return code != 0


def play(stage: Stage, scene: str, deaths: dict[int, Point]) -> int:
    """Both acts of a scene, with the deaths of each; returns how many came."""
    opens, changes = SCENES[scene]
    documents = opens(stage)
    died = act(stage, deaths.get(1))
    changes(stage, documents)
    return died + act(stage, deaths.get(2))


def points(stage: Stage, scene: str) -> list[tuple[str, int, Point]]:
    """Every instruction at which a process can die in this scene: (scene, act, point)."""
    opens, changes = SCENES[scene]
    documents = opens(stage)
    found = list(_points(scene, 1, mortal.run(stage.order())[1]))
    changes(stage, documents)
    found += _points(scene, 2, mortal.run(stage.order())[1])
    assert faults(stage) == []
    return found


def _points(scene: str, number: int, counted: dict[str, int]) -> Iterator[tuple[str, int, Point]]:
    for told, times in counted.items():
        side, what = told.split()
        yield from ((scene, number, Point(what, side, one)) for one in range(1, times + 1))


def crash(stage: Stage, wanted: Callable[[int], bool], lot: random.Random) -> int:
    """Die at points drawn without repetition, for as long as that is wanted; returns how often."""
    everywhere = [point for scene in SCENES for point in points(stage, scene)]
    lot.shuffle(everywhere)
    crashes = 0
    for number, (scene, act_number, point) in enumerate(everywhere):
        if not wanted(number):
            break
        crashes += play(stage, scene, {act_number: point})
    return crashes


def until(share: float) -> Callable[[int], bool]:
    """While a share of the budget lasts."""
    end = time.monotonic() + share * float(os.environ.get("PROVE_BUDGET_SECONDS", "60"))
    return lambda _number: time.monotonic() < end


def test_a_few_deaths_lose_nothing_and_send_nothing_twice(on_sqlite: Stage) -> None:
    lot = random.Random(SEED)
    for what, number in (("send", 1), ("send", 2), ("commit", lot.randrange(2, 8))):
        assert play(on_sqlite, "batch", {1: Point(what, lot.choice(("before", "after")), number)}) == 1


@pytest.mark.prove
def test_a_death_at_any_instruction_loses_nothing_and_sends_nothing_twice(
    on_sqlite: Stage, record_property: Callable[[str, object], None]
) -> None:
    record_property("crashes", crash(on_sqlite, until(SHARE), random.Random(SEED)))


@pytest.mark.prove
@pytest.mark.postgresql
def test_a_death_on_postgresql_loses_nothing_and_sends_nothing_twice(
    on_postgresql: Stage, record_property: Callable[[str, object], None]
) -> None:
    record_property("crashes", crash(on_postgresql, until(SHARE / 2), random.Random(SEED + 1)))
