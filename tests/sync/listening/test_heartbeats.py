"""Each worker says that it lives; a page can say when none does."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.foundation.database import db, end_reading
from app.sync.listening import heartbeats
from app.sync.listening.heartbeats import Heartbeat
from tests.sync.weather import held_clock
from tests.world import World


def test_without_any_worker_nobody_lives(world: World) -> None:
    assert (heartbeats.is_alive(), heartbeats.last_seen()) == (False, None)


def test_a_worker_that_beats_lives_and_one_that_is_silent_does_not(world: World) -> None:
    with held_clock() as clock:
        heartbeats.beat("host:1")
        clock.move(timedelta(seconds=29))
        assert heartbeats.is_alive()
        clock.move(timedelta(seconds=2))
        assert not heartbeats.is_alive()


def test_one_that_beats_again_keeps_its_row_and_its_start(world: World) -> None:
    with held_clock() as clock:
        start = clock.now()
        heartbeats.beat("host:1")
        clock.move(timedelta(seconds=5))
        heartbeats.beat("host:1")
        (row,) = db.session.scalars(select(Heartbeat))
        assert (row.started_at, row.seen_at) == (start, clock.now())


def test_the_dead_are_forgotten_after_a_day(world: World) -> None:
    with held_clock() as clock:
        heartbeats.beat("host:1")
        clock.move(timedelta(days=1, seconds=1))
        heartbeats.beat("host:2")
        end_reading()
        assert list(db.session.scalars(select(Heartbeat.worker))) == ["host:2"]
