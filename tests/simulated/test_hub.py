"""Simulated time: actors by turns, and what dies with its process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

import pytest

from tests.simulated.hub import Crashed, Crew, Hub
from tests.simulated.pace import StandstillError

START = datetime(2026, 10, 30, tzinfo=UTC)


@pytest.fixture
def hub() -> Hub:
    return Hub(START, Random(7))


def sleeper(hub: Hub, told: list[str], name: str, *pauses: float) -> Callable[[], None]:
    """Somebody who says their name after each pause."""

    def act() -> None:
        for pause in pauses:
            hub.sleep(pause)
            told.append(name)

    return act


def test_actors_go_on_in_the_order_of_their_moments(hub: Hub) -> None:
    told: list[str] = []
    hub.spawn(sleeper(hub, told, "Ann", 1.0, 5.0))
    hub.spawn(sleeper(hub, told, "Bob", 2.0, 2.0))
    hub.run(START + timedelta(minutes=1))
    assert told == ["Ann", "Bob", "Bob", "Ann"]
    assert hub.now() == START + timedelta(minutes=1)


def test_whoever_sleeps_on_the_ground_lets_the_others_act(hub: Hub) -> None:
    told: list[str] = []
    hub.spawn(sleeper(hub, told, "Ann", 1.0))
    hub.sleep(3.0)
    assert told == ["Ann"]
    assert hub.monotonic() == 3.0


def test_a_crew_dies_together_in_the_midst_of_what_it_does(hub: Hub) -> None:
    told: list[str] = []
    crew = Crew("worker", doom=4)
    for name in ("Ann", "Bob"):
        hub.spawn(sleeper(hub, told, name, 1.0, 1.0, 1.0), crew)
    hub.run(START + timedelta(minutes=1))
    # The fourth port is Bob's first sleep: Ann sleeps already, and never wakes up.
    assert told == []
    assert not crew.alive


def test_the_dead_pass_no_port_on_their_way_out(hub: Hub) -> None:
    told: list[str] = []
    crew = Crew("worker")

    def careful() -> None:
        try:
            hub.sleep(10.0)
        finally:
            hub.hesitate()
            told.append("given back")

    hub.spawn(careful, crew)
    hub.after(1.0, crew.die)
    hub.run(START + timedelta(minutes=1))
    assert told == []


def test_an_error_of_an_actor_is_raised_to_whoever_waits_for_it(hub: Hub) -> None:
    with pytest.raises(ZeroDivisionError):
        hub.do(lambda: 1 // 0)


def test_a_dead_crew_is_told_of_once() -> None:
    deaths: list[str] = []
    crew = Crew("worker", doom=1, on_death=partial(deaths.append, "died"))
    for _time in range(2):
        with pytest.raises(Crashed):
            crew.pass_port()
    assert deaths == ["died"]


def test_actors_who_write_without_end_while_time_hardly_passes_are_stopped(hub: Hub) -> None:
    hub.restlessness, hub.writes.most = 0.5, 100

    def restless() -> None:
        while True:
            hub.hesitate()

    hub.spawn(restless, Crew("worker:1"))
    with pytest.raises(StandstillError, match="worker:1 wrote"):
        hub.run(START + timedelta(hours=1))


def test_actors_who_sleep_without_any_time_passing_are_stopped(hub: Hub) -> None:
    hub.steps.most = 100

    def restless() -> None:
        while True:
            hub.sleep(0.0)

    hub.spawn(restless)
    with pytest.raises(StandstillError):
        hub.run(START)
