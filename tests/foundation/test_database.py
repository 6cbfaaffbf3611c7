"""What a transaction is, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app.accounts.models import Organisation
from app.foundation import clock
from app.foundation.database import (
    WriteOutsideTransactionError,
    after_commit,
    bare,
    db,
    end_reading,
    foreign_writes,
    in_transaction,
    table_of,
    transaction,
)
from app.foundation.mail import Mail
from app.foundation.tenancy import acting_for
from tests.world import World


def mail(recipient: str = "olivia@northgate.example") -> Mail:
    """A row of Northgate IT."""
    now = clock.now()
    return Mail(recipient=recipient, subject="s", body="b", occasion="o", due_at=now, created_at=now)


def subjects() -> list[str]:
    found = list(db.session.scalars(select(Mail.subject).order_by(Mail.id)))
    end_reading()
    return found


def write(subject: str) -> None:
    with transaction() as session:
        row = mail()
        row.subject = subject
        session.add(row)


def test_what_is_written_is_there_and_what_fails_is_not(northgate: World) -> None:
    write("kept")
    with pytest.raises(ZeroDivisionError):
        fail_after(lambda: db.session.add(mail("b@northgate.example")))
    assert subjects() == ["kept"]


def fail_after(work: Callable[[], object]) -> None:
    """A transaction in which something goes wrong behind the work."""
    with transaction():
        work()
        raise ZeroDivisionError


def test_transactions_do_not_nest_and_the_outer_one_goes_on(northgate: World) -> None:
    with transaction() as session:
        with pytest.raises(RuntimeError, match="already open"), transaction():
            pass
        session.add(mail())
    assert len(subjects()) == 1


def test_a_hook_runs_behind_the_commit_and_may_write_itself(northgate: World) -> None:
    seen: list[object] = []
    with transaction() as session:
        session.add(mail())
        after_commit(lambda: seen.append((in_transaction(), subjects())))
        after_commit(write_second)
        assert seen == []
    assert seen == [(False, ["s"])]
    assert subjects() == ["s", "second"]


def write_second() -> None:
    with transaction() as session:
        row = mail("second@northgate.example")
        row.subject = "second"
        session.add(row)


def test_a_hook_never_runs_for_what_was_rolled_back(northgate: World) -> None:
    seen: list[str] = []
    with pytest.raises(ZeroDivisionError):
        fail_after(lambda: after_commit(lambda: seen.append("rang")))
    write("x")
    assert seen == []


def test_hooks_of_one_kind_run_once(northgate: World) -> None:
    seen: list[int] = []
    with transaction():
        for number in range(3):
            after_commit(partial(seen.append, number), once="bell")
    assert seen == [2]


def test_a_hook_outside_a_transaction_is_refused(northgate: World) -> None:
    with pytest.raises(WriteOutsideTransactionError):
        after_commit(lambda: None)


def test_a_row_written_outside_a_transaction_is_refused(northgate: World) -> None:
    db.session.add(mail())
    with pytest.raises(WriteOutsideTransactionError):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize("statement", [update(Mail).values(subject="t"), delete(Mail)])
def test_a_statement_that_changes_rows_outside_a_transaction_is_refused(northgate: World, statement: object) -> None:
    with pytest.raises(WriteOutsideTransactionError):
        db.session.execute(statement)  # type: ignore[call-overload]


def test_a_bare_statement_is_held_to_the_same(northgate: World) -> None:
    with pytest.raises(WriteOutsideTransactionError):
        bare(update(table_of(Mail)), {"subject": "t"})
    write("before")
    with transaction():
        bare(update(table_of(Mail)), {"subject": "t"})
    assert subjects() == ["t"]


def test_a_row_changed_outside_a_transaction_is_refused(northgate: World) -> None:
    write("before")
    row = db.session.scalars(select(Mail)).one()
    row.subject = "after"
    with pytest.raises(WriteOutsideTransactionError):
        db.session.flush()
    db.session.rollback()


def test_what_was_read_before_is_read_anew(northgate: World, app: Flask) -> None:
    write("before")
    row = db.session.scalars(select(Mail)).one()
    aside(app, northgate, lambda: rename("after"))
    with transaction():
        assert row.subject == "after"


def rename(subject: str) -> None:
    with transaction() as session:
        session.execute(update(Mail).values(subject=subject))


def aside(app: Flask, world: World, work: object) -> None:
    """Do it in another thread, as another request would, and wait."""
    problems: list[BaseException] = []

    def run() -> None:
        try:
            with app.app_context(), acting_for(world.northgate.id):
                work()  # type: ignore[operator]
        except BaseException as problem:  # noqa: BLE001 - told to the test
            problems.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert problems == []


def test_while_one_reads_another_may_write(northgate: World, app: Flask) -> None:
    write("before")
    db.session.scalars(select(Mail)).one()
    assert in_transaction()
    aside(app, northgate, lambda: rename("after"))
    end_reading()
    assert subjects() == ["after"]


def test_two_writers_go_one_after_the_other(northgate: World, app: Flask) -> None:
    def count_up() -> None:
        for _turn in range(5):
            with transaction() as session:
                row = session.scalars(select(Organisation).order_by(Organisation.id).limit(1).with_for_update()).first()
                assert row is not None
                row.name = str(int(row.name) + 1)

    with transaction() as session:
        session.execute(update(Organisation).values(name="0"))
    other = threading.Thread(target=lambda: aside(app, northgate, count_up))
    other.start()
    count_up()
    other.join()
    db.session.rollback()
    assert "10" in set(db.session.scalars(select(Organisation.name)))


def test_end_reading_leaves_a_write_transaction_alone(northgate: World) -> None:
    with transaction() as session:
        session.add(mail())
        session.flush()
        end_reading()
    assert subjects() == ["s"]


def test_a_library_that_commits_by_itself_may_write_inside_its_block(northgate: World) -> None:
    with foreign_writes():
        db.session.add(mail())
        db.session.commit()
    with pytest.raises(WriteOutsideTransactionError):
        after_commit(lambda: None)
    assert subjects() == ["s"]
