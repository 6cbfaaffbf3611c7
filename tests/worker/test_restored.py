"""A database that was restored, or that nobody knows anything of, is noticed before anything of it is told."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError

from app.foundation.database import transaction
from app.foundation.tenancy import current_organisation
from app.sync.records.envelopes import Envelope, Member
from app.sync.records.policies import policy_of
from app.sync.telling import restoring, sweep
from app.worker.hints import carrier
from app.worker.tasks import Tasks
from app.worker.watermark import Watermark
from tests.sync.books import Books
from tests.worker.test_bell import broken
from tests.worker.test_tasks import books, tasks, work_off

__all__ = ["books", "tasks"]


def restored_to_nothing() -> None:
    with transaction() as session:
        session.execute(delete(Member))
        session.execute(delete(Envelope))


def test_a_database_that_has_come_less_far_than_the_hints_remember_was_restored(tasks: Tasks, books: Books) -> None:
    books.invoice()
    tasks.beat()
    restored_to_nothing()
    tasks.notice_a_restore()
    assert policy_of(books.connection_id).unsure_since is not None


def test_one_that_is_restored_while_the_worker_runs_is_noticed_too(tasks: Tasks, books: Books) -> None:
    books.invoice()
    tasks.beat()
    restored_to_nothing()
    tasks.beat()
    assert policy_of(books.connection_id).unsure_since is not None


def test_one_that_was_away_meanwhile_is_looked_at_before_its_next_lane_is_told(
    tasks: Tasks, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_asked: object) -> None:
        raise OperationalError("select 1", {}, OSError("the server closed the connection"))

    books.invoice()
    tasks.beat()
    with monkeypatch.context() as lost:
        lost.setattr(sweep, "lanes_with_work", away)
        tasks.sweep()
    restored_to_nothing()
    tasks.rota.offer((current_organisation(), books.firm.entity.lane))
    work_off(tasks)
    assert policy_of(books.connection_id).unsure_since is not None


def test_while_the_hints_are_away_for_a_moment_nothing_is_looked_for(
    tasks: Tasks, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.invoice()
    monkeypatch.setattr(Watermark, "read", broken)
    tasks.beat()
    assert policy_of(books.connection_id).unsure_since is None


def test_one_that_has_come_as_far_or_further_was_not(tasks: Tasks, books: Books) -> None:
    books.invoice()
    tasks.beat()
    books.invoice()
    tasks.notice_a_restore()
    assert policy_of(books.connection_id).unsure_since is None


def test_an_empty_house_was_not_restored(tasks: Tasks, books: Books) -> None:
    tasks.notice_a_restore()
    assert policy_of(books.connection_id).unsure_since is None


def test_a_worker_killed_over_its_first_calls_ever_says_nothing_of_a_restore(tasks: Tasks, books: Books) -> None:
    books.invoice()
    tasks.notice_a_restore()
    assert policy_of(books.connection_id).unsure_since is None


def test_where_the_hints_were_lost_too_nobody_knows_so_what_waits_is_looked_for(app: Flask, books: Books) -> None:
    books.invoice()
    Tasks(app, books.engine, Watermark(carrier("memory:"))).notice_a_restore()
    assert policy_of(books.connection_id).unsure_since is not None


def test_while_the_store_of_hints_is_away_nobody_knows_either(
    tasks: Tasks, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.invoice()
    tasks.beat()
    monkeypatch.setattr(Watermark, "read", broken)
    monkeypatch.setattr(Watermark, "leave", broken)
    tasks.notice_a_restore()
    assert policy_of(books.connection_id).unsure_since is not None


def test_a_database_that_was_away_at_the_start_is_looked_at_before_its_first_lane_is_told(
    app: Flask, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.invoice()
    mark = Watermark(carrier("memory:"))
    mark.leave(40)
    tasks = Tasks(app, books.engine, mark)
    with monkeypatch.context() as away:
        away.setattr(restoring, "how_far", broken)
        tasks.notice_a_restore()
        tasks.beat()
    tasks.rota.offer((current_organisation(), books.firm.entity.lane))
    work_off(tasks)
    assert policy_of(books.connection_id).unsure_since is not None


def test_while_no_mark_can_be_left_what_waits_is_looked_for_once_and_not_before_each_lane(
    tasks: Tasks, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.invoice()
    declared: list[int] = []
    monkeypatch.setattr(restoring, "declare", lambda: declared.append(1))
    monkeypatch.setattr(Watermark, "read", broken)
    monkeypatch.setattr(Watermark, "leave", broken)
    tasks.notice_a_restore()
    tasks.rota.offer((current_organisation(), books.firm.entity.lane))
    work_off(tasks)
    assert declared == [1]
