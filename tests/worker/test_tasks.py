"""The tasks: the sweep finds what no hint told, and one's trouble ends nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db, end_reading
from app.foundation.tenancy import everywhere
from app.outbox.models import Message, MessageState
from app.sync import heartbeats
from app.sync.engine import Engine
from app.worker import tasks as room
from app.worker.bell import Bell
from app.worker.hints import carrier
from app.worker.tasks import Tasks
from tests.simulation import Simulation
from tests.sync.books import Books, connect
from tests.sync.weather import held_clock, there
from tests.worker.test_bell import broken
from tests.world import World


@pytest.fixture
def books(northgate: World, engine: Engine, simulation: Simulation) -> Books:
    return connect(engine, simulation)


@pytest.fixture
def tasks(app: Flask, books: Books) -> Tasks:
    bell = Bell(carrier("memory:"))
    made = Tasks(app, books.engine, bell)
    bell.listen(made.drain)
    return made


def hints(tasks: Tasks) -> int:
    return int(tasks._bell.huey.pending_count())


def work_off(tasks: Tasks) -> None:
    """Take every hint, as the consumer does."""
    end_reading()
    while (hint := tasks._bell.huey.dequeue()) is not None:
        tasks._bell.huey.execute(hint)


def test_a_lost_hint_is_found_by_the_sweep(tasks: Tasks, books: Books) -> None:
    books.firm.open()
    end_reading()
    tasks.sweep()
    assert hints(tasks) == 1
    work_off(tasks)
    assert len(there(books)) == 1


def test_a_lane_rung_just_now_is_not_rung_again_until_its_hint_may_be_lost(tasks: Tasks, books: Books) -> None:
    with held_clock() as held:
        books.firm.open()
        for seconds in (0, 0.1, 10):
            clock.sleep(seconds)
            end_reading()
            tasks.sweep()
        assert isinstance(held, HeldClock)
    assert hints(tasks) == 2


def test_without_a_store_of_hints_the_sweep_drains_itself(
    tasks: Tasks, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks._bell.huey.storage, "enqueue", broken)
    books.firm.open()
    end_reading()
    tasks.sweep()
    assert len(there(books)) == 1


def test_an_error_ends_neither_the_worker_nor_the_next_task(
    tasks: Tasks, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "drain", broken)
    books.firm.open()
    end_reading()
    tasks.sweep()
    work_off(tasks)
    with everywhere():
        rows = [(row.kind, row.state) for row in db.session.scalars(select(Message))]
    assert ("invoice", MessageState.WAITING) in rows


def test_nothing_due_rings_nobody(tasks: Tasks) -> None:
    end_reading()
    tasks.sweep()
    assert hints(tasks) == 0


def test_every_chore_runs_on_an_empty_house(tasks: Tasks) -> None:
    end_reading()
    for chore in (tasks.beat, tasks.listen, tasks.compare, tasks.imports, tasks.mail):
        chore()
    assert heartbeats.is_alive()


def test_an_import_that_stumbles_holds_up_nobody_else_s(
    tasks: Tasks, northgate: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: list[int] = []

    def carry_out(run_id: int) -> None:
        if run_id == 1:
            raise ConnectionError("the database went away")
        carried.append(run_id)

    monkeypatch.setattr(room, "_waiting_imports", lambda: [(northgate.northgate.id, 1), (northgate.southbank.id, 2)])
    monkeypatch.setattr(room, "carry_out", carry_out)
    tasks.imports()
    assert carried == [2]
