"""Rows of many threads in one commit: each waits for it, and learns when it failed."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import Context
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Organisation
from app.foundation import clock
from app.foundation.database import db, in_transaction, table_of, transaction
from app.foundation.joint_commit import JointInserts
from app.foundation.mail import Mail
from tests.world import World


class Post:
    """Threads that bring a row each while the commit of the first is held up at its beginning."""

    def __init__(self, app: Flask, organisation_id: int) -> None:
        self.app, self.organisation_id = app, organisation_id
        self.inserts = JointInserts(table_of(Mail), at_once=1)
        self.commits = 0
        self.begun, self.may_go_on = threading.Event(), threading.Event()

    def row(self, subject: str | None) -> dict[str, Any]:
        told = {"recipient": "olivia@northgate.example", "subject": subject, "body": "b", "occasion": subject or "none"}
        times = {"due_at": clock.now(), "created_at": clock.now()}
        return {**told, **times, "organisation_id": self.organisation_id, "tries": 0}

    def add(self, subject: str | None) -> None:
        with self.app.app_context():
            self.inserts.add(self.row(subject))

    def hold_up(self, _connection: Connection) -> None:
        self.commits += 1
        self.begun.set()
        assert self.may_go_on.wait(10)

    def together(self, *subjects: str | None) -> list[Future[None]]:
        """The first alone; the others gather behind it, in this order."""
        event.listen(db.engine, "begin", self.hold_up)
        try:
            with ThreadPoolExecutor(len(subjects)) as threads:
                brought = [threads.submit(self.add, subjects[0])]
                assert self.begun.wait(10)
                brought += [self.gather(threads, subject) for subject in subjects[1:]]
                self.may_go_on.set()
        finally:
            event.remove(db.engine, "begin", self.hold_up)
        return brought

    def gather(self, threads: ThreadPoolExecutor, subject: str | None) -> Future[None]:
        before = len(self.inserts.gathering.rows)
        brought = threads.submit(self.add, subject)
        while len(self.inserts.gathering.rows) == before:
            clock.sleep(0.001)
        return brought


@pytest.fixture
def post(app: Flask, northgate: World) -> Post:
    return Post(app, northgate.northgate.id)


def subjects() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail.subject).order_by(Mail.id)))


def test_a_row_is_there_when_add_returns(post: Post) -> None:
    post.add("one")
    assert subjects() == ["one"]


def test_those_who_come_during_a_commit_share_the_next_one(post: Post) -> None:
    for brought in post.together("first", "second", "third", "fourth"):
        brought.result()
    assert (post.commits, subjects()) == (2, ["first", "second", "third", "fourth"])


def test_a_commit_that_fails_is_told_to_all_whose_rows_were_in_it(post: Post) -> None:
    first, *others = post.together("first", "second", None, "fourth")
    assert first.exception() is None
    assert all(isinstance(other.exception(), IntegrityError) for other in others)
    assert subjects() == ["first"]


def test_after_a_failure_the_next_row_is_stored(post: Post) -> None:
    with pytest.raises(IntegrityError):
        post.add(None)
    post.add("next")
    assert subjects() == ["next"]


def test_it_is_no_part_of_a_transaction(post: Post) -> None:
    with pytest.raises(RuntimeError, match="already open"), transaction():
        post.inserts.add(post.row("one"))
    assert subjects() == []


def test_what_was_read_before_is_read_anew(post: Post) -> None:
    db.session.scalars(select(Organisation)).all()
    post.inserts.add(post.row("one"))
    assert not in_transaction()


def test_one_that_was_overtaken_on_its_own_thread_holds_up_nobody(post: Post) -> None:
    others = iter(["second"])

    def overtake(_connection: Connection) -> None:
        for other in others:
            Context().run(post.add, other)

    event.listen(Engine, "begin", overtake)  # one of the class comes before the engine's own, which takes the lock
    try:
        post.add("first")
    finally:
        event.remove(Engine, "begin", overtake)
    assert subjects() == ["second", "first"]
