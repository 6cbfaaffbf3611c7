"""A process is killed at every named boundary, and the next one goes on as if nothing had happened (invariant 1)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest

from tests.crashes.conftest import Company
from tests.crashes.crash_points import LONG, STORIES, Crash, crashes, steps
from tests.crashes.fate import DURING, Point
from tests.crashes.play import mended, play, play_in_flight, undisturbed
from tests.crashes.plays import SCENES
from tests.proving import SEED, Budget

pytestmark = pytest.mark.journey

FEWEST = 40
"""As many points as were promised; there are more."""
A_FEW = 3
PARTS = 3
"""Proofs into which the whole table is cut, so that several processes can work at it."""
RECOVERIES = 3
"""In one play of so many the recovery is struck too."""


def kill(company: Company, crash: Crash, *second: Point) -> int:
    """Kill a process there, and whoever goes on at the second point; returns how many died."""
    scene, point = crash
    if point.side == DURING:
        died, seen = play_in_flight(company.theatre, scene, point)
    else:
        died, seen = play(company.theatre, scene, [point, *second])
    assert died > 0, f"seed {SEED}: nobody came by {crash}"
    wrong = mended(company.theatre, scene, seen, company.whole(scene))
    assert wrong == [], f"seed {SEED}: {crash}, {', '.join(map(str, second))}"
    return died


def test_there_are_as_many_points_as_were_promised() -> None:
    assert len(crashes()) >= FEWEST
    assert set(STORIES) == set(SCENES)


@pytest.mark.parametrize("scene", [scene for scene in SCENES if scene not in LONG])
def test_the_table_names_every_boundary_of_a_scene(on_sqlite: Company, scene: str) -> None:
    table_names_every_boundary(on_sqlite, scene)


@pytest.mark.prove(weight=0)
@pytest.mark.parametrize("scene", LONG)
def test_the_table_names_every_boundary_of_a_long_scene(on_sqlite: Company, scene: str) -> None:
    table_names_every_boundary(on_sqlite, scene)


def table_names_every_boundary(company: Company, scene: str) -> None:
    """Play a scene without a death, and compare what happened with the table."""
    story, ending = undisturbed(company.theatre, scene)
    assert Counter(story) == Counter(steps(scene)), ", ".join(story)
    assert ending.permission_lost or ending.faults == []


def test_a_few_deaths_leave_no_trace(company: Company) -> None:
    short = [crash for crash in crashes() if crash.scene not in LONG]
    for crash in random.Random(SEED).sample(short, A_FEW):
        kill(company, crash)


@pytest.mark.prove(weight=2)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_death_leaves_a_trace(
    company: Company, part: int, budget: Budget, record_property: Callable[[str, object], None]
) -> None:
    lot = random.Random(SEED + part)
    everywhere = random.Random(SEED).sample(crashes(), len(crashes()))[part::PARTS]
    kills = points = 0
    while points < len(everywhere) and not (points and budget.is_used_up()):
        kills += kill(company, everywhere[points], *_again(lot, everywhere, everywhere[points]))
        points += 1
    while not budget.is_used_up():
        first = lot.choice(everywhere)
        kills += kill(company, first, *_again(lot, everywhere, first))
    record_property("crashes", kills)
    record_property("crash points", points)


def _again(lot: random.Random, everywhere: list[Crash], first: Crash) -> list[Point]:
    """Where whoever goes on may die too: a point of the same scene, in one play of `RECOVERIES`, else nowhere."""
    if first.point.side == DURING or lot.randrange(RECOVERIES):
        return []
    return [lot.choice([one.point for one in everywhere if one.scene == first.scene and one.point.side != DURING])]
