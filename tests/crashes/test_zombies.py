"""Who is stopped past its lease and goes on when another has ended its work changes nothing any more (the fence).

Stopped between transactions and around calls: one that is stopped inside a transaction holds its locks, as it would
on any database, and the others wait for it.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.crashes.conftest import Company
from tests.crashes.crash_points import AT_THE_DOOR, Crash, crashes, is_call
from tests.crashes.fate import AFTER, BEFORE, Point
from tests.crashes.play import haunt, mended
from tests.proving import SEED, Budget

pytestmark = pytest.mark.journey

A_FEW = 2


def stops() -> list[Crash]:
    """Every point at which a worker holds no lock of the database."""
    return [crash for crash in crashes() if crash.scene not in AT_THE_DOOR and _is_outside(crash.point)]


def _is_outside(point: Point) -> bool:
    return point.side == AFTER or (point.side == BEFORE and is_call(point.step))


def stop(company: Company, crash: Crash) -> None:
    """Stop a process there, let another end the scene, and let the first go on."""
    haunting = haunt(company.theatre, *crash)
    assert haunting.written == [], f"seed {SEED}: {crash}"
    wrong = mended(company.theatre, crash.scene, haunting.ending, company.whole(crash.scene))
    assert wrong == [], f"seed {SEED}: {crash}"


def test_a_few_who_were_stopped_past_their_lease_write_nothing(company: Company) -> None:
    for crash in random.Random(SEED).sample(stops(), A_FEW):
        stop(company, crash)


@pytest.mark.prove(weight=3)
def test_nobody_who_was_stopped_past_his_lease_writes_anything(
    company: Company, budget: Budget, record_property: Callable[[str, object], None]
) -> None:
    lot, zombies = random.Random(SEED), 0
    while not (zombies and budget.is_used_up()):
        stop(company, lot.choice(stops()))
        zombies += 1
    record_property("zombies", zombies)
