"""The database goes away, or takes nothing more: the worker goes on by itself, and nothing is lost or doubled."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask, current_app
from sqlalchemy import event, make_url

from app.foundation.database import db
from app.worker.hints import carrier
from app.worker.tasks import Tasks
from app.worker.watermark import Watermark
from tests.crashes.portrait import faults
from tests.crashes.stage import SHORT, Stage, set_up
from tests.proving import SEED
from tests.sync import weather

pytestmark = [pytest.mark.journey, pytest.mark.prove(weight=1)]

ROUNDS, LONGEST, SOME = 25, 60, 3
"""How often it goes away, at which statement at the latest, and how much is opened before."""


@contextmanager
def gone_at(url: str, number: int) -> Iterator[list[str]]:
    """The server ends all our connections as this statement is about to be sent; tells which one that was."""
    left, struck = [number], list[str]()
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)

    def strike(_connection: Any, _cursor: Any = None, statement: str = "COMMIT", *_more: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            struck.append(statement)
            with psycopg.connect(address, autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    def commit(connection: Any) -> None:
        strike(connection)

    event.listen(db.engine, "before_cursor_execute", strike)
    event.listen(db.engine, "commit", commit)
    try:
        yield struck
    finally:
        event.remove(db.engine, "before_cursor_execute", strike)
        event.remove(db.engine, "commit", commit)


class Disk:
    """The disk of a SQLite database: full, it holds no page more than there is."""

    def __init__(self) -> None:
        self.is_full, self.refused = False, 0
        event.listen(db.engine, "begin", self._hold)
        event.listen(db.engine, "handle_error", self._count)

    def _count(self, context: Any) -> None:
        self.refused += "disk is full" in str(context.original_exception)

    def _hold(self, connection: Any) -> None:
        most = 1 if self.is_full else 1_000_000
        connection.connection.dbapi_connection.execute(f"PRAGMA max_page_count={most}")


def work(tasks: Tasks) -> None:
    """What the chores and a thread of the lanes do, once."""
    tasks.beat()
    tasks.sweep()
    while tasks.rota._waiting:
        tasks.tell(tasks.rota.take() or pytest.fail("the day is over"))
    tasks.listen()


@pytest.mark.postgresql
def test_a_connection_that_is_lost_in_the_midst_of_anything_costs_a_moment(postgresql_url: str) -> None:
    lot, strikes = random.Random(SEED), 0
    with set_up(postgresql_url, **SHORT) as stage:
        tasks = tasks_of(stage)
        for _round in range(ROUNDS):
            open_some(stage)
            with gone_at(postgresql_url, lot.randint(1, LONGEST)) as struck:
                work(tasks)
            strikes += len(struck)
        end(stage, tasks)
        assert strikes > ROUNDS // 2
        assert (faults(stage), len(weather.there(stage.books))) == ([], 1 + SOME * ROUNDS), f"seed {SEED}"


def test_a_disk_that_is_full_for_a_while_costs_that_while(tmp_path: Path) -> None:
    with set_up(f"sqlite:///{tmp_path / 'portal.sqlite'}", **SHORT) as stage:
        tasks, disk = tasks_of(stage), Disk()
        for _round in range(ROUNDS):
            open_some(stage)
            disk.is_full = True
            for _second in range(3):
                work(tasks)
            disk.is_full = False
            work(tasks)
        end(stage, tasks)
        assert disk.refused > 0
        assert (faults(stage), len(weather.there(stage.books))) == ([], 1 + SOME * ROUNDS)


def open_some(stage: Stage) -> None:
    stage.open(*[stage.draft(stage.new_client(), stage.books.firm.support) for _one in range(SOME)])


def tasks_of(stage: Stage) -> Tasks:
    """A worker's, that has begun."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # Flask's proxy
    tasks = Tasks(app, stage.books.engine, Watermark(carrier("memory:")))
    tasks.notice_a_restore()
    return tasks


def end(stage: Stage, tasks: Tasks) -> None:
    """Whatever is left is sent, as it falls due."""
    for _round in range(20):
        if not stage.has_more():
            return
        weather.hurry()
        work(tasks)
