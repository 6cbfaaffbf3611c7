"""The embedded database: WAL, full synchronisation, fair waiting, and never a lock taken half-way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from app.foundation import sqlite


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'x.sqlite'}", module=sqlite.library)  # type: ignore[attr-defined]  # chosen there, once
    sqlite.prepare(made)
    with made.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (n INTEGER)")
        connection.exec_driver_sql("INSERT INTO t VALUES (0)")
    yield made
    made.dispose()


def pragma(engine: Engine, name: str) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


@pytest.mark.parametrize(("name", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
def test_a_connection_follows_the_rules(engine: Engine, name: str, value: object) -> None:
    assert pragma(engine, name) == value


def test_the_library_in_use_is_free_of_the_bug_that_corrupts(engine: Engine) -> None:
    assert sqlite.wal_is_safe()


def test_a_library_that_may_corrupt_stays_with_the_rollback_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "SAFE_IN_WAL", (99, 0, 0))
    made = create_engine(f"sqlite:///{tmp_path / 'old.sqlite'}", module=sqlite.library)  # type: ignore[attr-defined]  # chosen there, once
    sqlite.prepare(made)
    assert pragma(made, "journal_mode") == "delete"
    made.dispose()


def test_a_reader_does_not_stop_a_writer(engine: Engine) -> None:
    with engine.connect() as reading:
        assert reading.exec_driver_sql("SELECT n FROM t").scalar() == 0
        add_one(engine)
        assert reading.exec_driver_sql("SELECT n FROM t").scalar() == 0
    assert value(engine) == 1


def add_one(engine: Engine) -> None:
    token = sqlite.writing.set(True)
    try:
        with engine.begin() as connection:
            number = int(str(connection.exec_driver_sql("SELECT n FROM t").scalar()))
            connection.execute(text("UPDATE t SET n = :n"), {"n": number + 1})
    finally:
        sqlite.writing.reset(token)


def value(engine: Engine) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql("SELECT n FROM t").scalar()


def test_writers_that_read_first_lose_no_update(engine: Engine) -> None:
    def work() -> None:
        for _turn in range(20):
            add_one(engine)

    threads = [threading.Thread(target=work) for _writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value(engine) == 80


@pytest.mark.parametrize(("threads", "seconds"), [(1, 0.001), (3, 0.003), (64, 0.004)])
def test_many_threads_of_a_process_ask_for_the_write_lock_less_often(
    threads: int, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests: list[float] = []
    monkeypatch.setattr(sqlite, "_PAUSE_SECONDS", [0.001])
    monkeypatch.setattr(time, "sleep", rests.append)
    sqlite.ask_less_often(threads)
    sqlite.fair_wait(limit=1.0)(0)
    assert rests == [pytest.approx(seconds)]


def test_who_waits_too_long_is_told() -> None:
    wait = sqlite.fair_wait(limit=0.0)
    assert (wait(0), wait(1)) == (1, 0)


def test_a_question_takes_the_index_of_what_is_rare_once_the_sizes_are_known(engine: Engine) -> None:
    rows = [{"firm": 1, "kind": 1, "client": number % 50} for number in range(500)]
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE paper (firm INTEGER, kind INTEGER, client INTEGER)")
        connection.exec_driver_sql("CREATE INDEX of_firm ON paper (firm, kind)")
        connection.exec_driver_sql("CREATE INDEX of_client ON paper (client)")
        connection.execute(text("INSERT INTO paper VALUES (:firm, :kind, :client)"), rows)
    sqlite.learn_sizes(engine)
    with engine.connect() as connection:
        asked = "EXPLAIN QUERY PLAN SELECT * FROM paper WHERE firm = 1 AND kind = 1 AND client = 7"
        assert "of_client" in str(connection.exec_driver_sql(asked).all())
