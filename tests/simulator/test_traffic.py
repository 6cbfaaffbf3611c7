"""Intuit's limits (§7), counted at a moment that stands still."""

from datetime import timedelta

import pytest

from app.simulator.world import World
from tests.simulator.client import NORTHGATE


@pytest.fixture
def held(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    noon = world.clock.now()
    monkeypatch.setattr(world.clock, "now", lambda: noon)
    world.traffic.limits = True
    return world


def admitted(world: World, client: str, calls: int, *, batch: bool = False) -> int:
    """How many of so many calls pass."""
    return sum(world.traffic.admits(NORTHGATE, client, batch=batch) for _ in range(calls))


def test_each_app_has_ten_calls_a_second_of_its_own(held: World) -> None:
    assert [admitted(held, "one", 12), admitted(held, "two", 12)] == [10, 10]


def test_five_hundred_calls_a_minute_are_all_a_company_gets(held: World) -> None:
    assert sum(admitted(held, f"app {number}", 10) for number in range(60)) == 500


def test_batches_have_limits_of_their_own(held: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """40 a minute by app, 120 by company; the moment moves a second after every ten."""
    start, passed = held.clock.now(), 0
    for second in range(20):
        monkeypatch.setattr(held.clock, "now", lambda second=second: start + timedelta(seconds=second))
        passed += admitted(held, f"app {second % 4}", 10, batch=True)
    assert passed == 120


def test_one_app_alone_has_forty_batches_a_minute(held: World, monkeypatch: pytest.MonkeyPatch) -> None:
    start, passed = held.clock.now(), 0
    for second in range(6):
        monkeypatch.setattr(held.clock, "now", lambda second=second: start + timedelta(seconds=second))
        passed += admitted(held, "one", 10, batch=True)
    assert passed == 40
