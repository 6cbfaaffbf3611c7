"""Posting: one message of a subject waits, later edits merge into it, and a bell rings once behind the commit."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, update

from app.foundation.database import WriteOutsideTransactionError, db, table_of, transaction
from app.foundation.tenancy import TenancyError, acting_for
from app.outbox import lanes, settling, tray
from app.outbox.models import Lane, Message, MessageState, Priority, Subject
from tests.outbox.desk import CLIENT, INVOICE, LANE, OTHER_LANE, due, fly, look, post, states
from tests.world import World

WAITING, PARKED, SENDING, CANCELLED, DONE = (
    MessageState.WAITING,
    MessageState.PARKED,
    MessageState.SENDING,
    MessageState.CANCELLED,
    MessageState.DONE,
)


@pytest.fixture
def rung() -> Iterator[list[tuple[int, Lane]]]:
    """Every ring of the bell."""
    heard: list[tuple[int, Lane]] = []

    def hear(lane: Lane, *, organisation_id: int) -> None:
        heard.append((organisation_id, lane))

    with tray.posted.connected_to(hear):
        yield heard


def test_a_second_edit_merges_with_the_one_that_waits(northgate: World) -> None:
    first, second = post(), post(priority=Priority.PERSON, asked=True)
    message = look(first)
    assert (first, message.generation, message.priority, message.asked) == (second, 2, Priority.PERSON, True)


def test_a_run_does_not_take_a_persons_place_back(northgate: World) -> None:
    message = look(post(priority=Priority.PERSON) and post())
    assert message.priority == Priority.PERSON


def test_a_new_edit_replaces_what_is_parked(northgate: World) -> None:
    message_id = post()
    with transaction():
        settling.park(message_id, "service:42", "not mapped")
    post()
    message = look(message_id)
    assert (message.state, message.blocker, message.reason, message.tries) == (WAITING, None, None, 0)


def test_one_may_wait_while_one_flies(northgate: World) -> None:
    fly(post())
    post()
    assert states() == [SENDING, WAITING]


def test_what_was_told_is_told_again_by_a_new_message(northgate: World) -> None:
    message_id = fly(post())
    with transaction():
        settling.settle(message_id)
    post()
    assert states() == [DONE, WAITING]


def fly_now(message_id: int) -> int:
    assert settling.put_in_envelope({message_id: look(message_id).generation})
    return message_id


def test_each_mode_has_its_own(northgate: World) -> None:
    post()
    post(INVOICE, OTHER_LANE)
    assert states() == [WAITING, WAITING]


def test_the_bell_rings_once_behind_the_commit(northgate: World, rung: list[tuple[int, Lane]]) -> None:
    with transaction():
        for number in range(3):
            tray.post(Subject("invoice", number), LANE)
        assert rung == []
    assert rung == [(northgate.northgate.id, LANE)]


def test_what_is_rolled_back_rings_no_bell_and_is_not_posted(northgate: World, rung: list[tuple[int, Lane]]) -> None:
    with pytest.raises(ZeroDivisionError):
        post_and_fail()
    assert (rung, states()) == ([], [])


def post_and_fail() -> None:
    with transaction():
        tray.post(INVOICE, LANE)
        raise ZeroDivisionError


def test_the_bell_rings_for_whom_it_was_posted(world: World, rung: list[tuple[int, Lane]]) -> None:
    with transaction(), acting_for(world.southbank.id):
        tray.post(INVOICE, LANE)
    assert rung == [(world.southbank.id, LANE)]


def test_posting_needs_a_transaction_and_an_organisation(world: World) -> None:
    with acting_for(world.northgate.id), pytest.raises(WriteOutsideTransactionError):
        tray.post(INVOICE, LANE)
    db.session.rollback()
    with pytest.raises(TenancyError), transaction():
        tray.post(INVOICE, LANE)


def test_an_opt_out_takes_back_what_waits_and_leaves_what_flies(northgate: World) -> None:
    fly(post())
    post()
    post(INVOICE, OTHER_LANE)
    with transaction():
        assert settling.cancel(INVOICE, reason="kept back") == 2
    assert states() == [SENDING, CANCELLED, CANCELLED]


def test_an_edit_never_merges_into_a_message_that_is_just_leaving(northgate: World, app: Flask) -> None:
    message_id = post()
    problems: list[BaseException] = []
    about_to_post = threading.Event()

    def edit() -> None:
        with app.app_context(), acting_for(northgate.northgate.id):
            about_to_post.set()
            try:
                post()
            except BaseException as problem:  # noqa: BLE001 - told to the test
                problems.append(problem)

    other = threading.Thread(target=edit)
    with transaction():
        fly_now(message_id)
        other.start()
        about_to_post.wait()
    other.join()
    assert (problems, states()) == ([], [SENDING, WAITING])
    assert look(message_id).generation == 1


def test_two_who_post_together_make_one_message(northgate: World, app: Flask) -> None:
    problems: list[BaseException] = []
    gate = threading.Barrier(4)

    def edit() -> None:
        with app.app_context(), acting_for(northgate.northgate.id):
            gate.wait()
            try:
                post(CLIENT)
            except BaseException as problem:  # noqa: BLE001 - told to the test
                problems.append(problem)

    threads = [threading.Thread(target=edit) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (problems, states(CLIENT)) == ([], [WAITING])


def test_an_edit_is_kept_while_the_message_is_given_back_and_sent_anew(northgate: World, database_url: str) -> None:
    if not database_url.startswith("postgresql"):
        pytest.skip("one at a time writes to SQLite")
    message_id = fly(post())
    engine = db.engine

    steps = [("INSERT INTO message", WAITING), ("FOR UPDATE", SENDING)]

    def meanwhile(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if steps and steps[0][0] in statement:
            _, state = steps.pop(0)
            with engine.begin() as other:
                other.execute(update(table_of(Message)).where(table_of(Message).c.id == message_id).values(state=state))

    event.listen(engine, "before_cursor_execute", meanwhile)
    try:
        post()
    finally:
        event.remove(engine, "before_cursor_execute", meanwhile)
    assert (steps, states()) == ([], [SENDING, WAITING])


def test_a_release_rings_too(northgate: World, rung: list[tuple[int, Lane]]) -> None:
    with transaction():
        settling.park(post_now(), "service:42", "")
    rung.clear()
    with transaction():
        assert lanes.release(LANE, "service:42") == 1
    assert rung == [(northgate.northgate.id, LANE)]
    assert due() == [INVOICE]


def post_now() -> int:
    message = tray.post(INVOICE, LANE)
    db.session.flush()
    return message.id
