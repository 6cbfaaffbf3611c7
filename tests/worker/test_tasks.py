"""The tasks: the sweep finds what no hint told, and one's trouble ends nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.billing.kinds import DocumentStatus
from app.foundation.database import db, end_reading
from app.foundation.tenancy import current_organisation, everywhere
from app.outbox.models import Lane, Message, MessageState, Mode
from app.sync.engine import Engine
from app.sync.listening import heartbeats, pull, unpacking
from app.worker import tasks as room
from app.worker.bell import Bell
from app.worker.hints import carrier
from app.worker.rota import Place
from app.worker.tasks import Tasks
from app.worker.watermark import Watermark
from tests.simulation import Simulation
from tests.sync import weather
from tests.sync.books import Books, connect
from tests.sync.weather import there
from tests.worker.test_bell import broken
from tests.world import World


@pytest.fixture
def books(northgate: World, engine: Engine, simulation: Simulation) -> Books:
    return connect(engine, simulation)


@pytest.fixture
def tasks(app: Flask, books: Books) -> Tasks:
    made = Tasks(app, books.engine, Watermark(carrier("memory:")))
    made.notice_a_restore()
    return made


def waiting(tasks: Tasks) -> list[Place]:
    return list(tasks.rota._waiting)


def work_off(tasks: Tasks) -> None:
    """Serve the rota until nobody waits, as a thread of the worker does."""
    end_reading()
    while waiting(tasks):
        tasks.tell(tasks.rota.take() or waiting(tasks)[0])


def test_a_lost_hint_is_found_by_the_sweep(tasks: Tasks, books: Books) -> None:
    books.firm.open()
    end_reading()
    tasks.sweep()
    work_off(tasks)
    assert len(there(books)) == 1


def test_a_hint_puts_its_lane_into_the_rota(tasks: Tasks, books: Books) -> None:
    bell = Bell(carrier("memory:"))
    bell.listen(tasks.hear)
    lane = books.firm.entity.lane
    bell.ring(current_organisation(), lane)
    bell.huey.execute(bell.huey.dequeue())
    assert waiting(tasks) == [(current_organisation(), lane)]


def test_while_others_wait_a_lane_sends_one_envelope_and_queues_behind_them(tasks: Tasks, books: Books) -> None:
    books.invoice()
    for _document in range(40):  # more than an envelope holds
        books.firm.open()
    weather.forget(books)
    end_reading()
    tasks.sweep()
    (place,) = waiting(tasks)
    other = (place[0], Lane(place[1].billing_entity_id + 1, Mode.LIVE))
    tasks.rota.take()
    tasks.rota.ask(other)
    tasks.tell(place)
    assert weather.counts(books)["writes"] == 1
    assert waiting(tasks) == [other, place]
    work_off(tasks)
    assert len(there(books)) == 41


def test_a_worker_that_ends_begins_no_other_envelope_and_sends_none_that_waits(tasks: Tasks, books: Books) -> None:
    books.invoice()
    document = books.firm.open()
    end_reading()
    tasks.sweep()
    (place,) = waiting(tasks)
    tasks.close()
    assert tasks.rota.take() is None
    tasks.rota._served[place] = False
    tasks.tell(place)  # one that was just about to send
    assert len(there(books)) == 1
    assert weather.state(document) is MessageState.SENDING
    books.engine.quickbooks.governor.is_closed = False
    books.send()
    assert len(there(books)) == 2


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


def test_a_disk_too_full_for_the_line_that_says_so_costs_no_lane_its_thread(
    tasks: Tasks, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.firm.open()
    end_reading()
    tasks.sweep()
    with monkeypatch.context() as full:
        full.setattr(room, "drain", broken)
        full.setattr(room, "logger", broken)
        tasks.tell(tasks.rota.take() or waiting(tasks)[0])
    tasks.sweep()
    work_off(tasks)
    assert len(there(books)) == 1


def test_nothing_due_wants_no_turn(tasks: Tasks) -> None:
    end_reading()
    tasks.sweep()
    assert waiting(tasks) == []


def test_every_chore_runs_on_an_empty_house(tasks: Tasks) -> None:
    end_reading()
    for chore in (tasks.beat, tasks.listen, tasks.catch_up, tasks.compare, tasks.imports, tasks.look_after, tasks.mail):
        chore()
    assert heartbeats.is_alive()


def test_a_worker_that_begins_after_an_outage_catches_up(tasks: Tasks, books: Books) -> None:
    invoice = books.invoice()
    tasks.catch_up()
    books.pay(invoice, "120.00")
    books.simulation.webhooks()
    end_reading()
    tasks.beat()
    tasks.catch_up()
    tasks.listen()
    assert books.fresh(invoice).status is DocumentStatus.PAID


Finds = list[tuple[int, int]]
"""The calls and the events found at each look of a chore, one after the other."""


@pytest.fixture
def looks(tasks: Tasks, monkeypatch: pytest.MonkeyPatch) -> Callable[[Finds], int]:
    """How many looks the chore takes when it finds so much."""

    def taken(finds: Finds) -> int:
        calls, events = iter([calls for calls, _events in finds]), iter([events for _calls, events in finds])
        monkeypatch.setattr(unpacking, "open_deliveries", lambda: next(calls))
        monkeypatch.setattr(pull, "work", lambda _engine: next(events))
        tasks.listen()
        return len(finds) - len(list(events))

    return taken


@pytest.mark.parametrize(
    ("finds", "number"),
    [
        ([(0, 0), (0, 0)], 1),
        ([(99, 99), (0, 0)], 1),
        ([(100, 0), (100, 0), (3, 0), (0, 0)], 3),
        ([(0, 100), (0, 250), (0, 3), (0, 0)], 3),
        ([(100, 0), (0, 100), (0, 0), (0, 0)], 3),
    ],
)
def test_what_is_more_than_a_look_takes_is_gone_on_with_at_once(
    looks: Callable[[Finds], int], finds: Finds, number: int
) -> None:
    assert looks(finds) == number


def test_a_worker_that_has_to_end_leaves_a_backlog_where_it_is(tasks: Tasks, looks: Callable[[Finds], int]) -> None:
    tasks.close()
    assert looks([(100, 100)] * 9) == 1


def test_what_can_t_be_opened_is_not_tried_again_at_once(tasks: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "A_LOOK", 1)
    monkeypatch.setattr(unpacking, "open_deliveries", broken)
    tasks.listen()


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
