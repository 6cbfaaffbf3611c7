"""The database, and what a transaction is.

Reading needs nothing: `db.session` begins a deferred transaction by itself. Writing happens inside `transaction()`,
never elsewhere; the guard below makes a forgotten one fail in the first test.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CursorResult, Executable, MetaData, Table, event
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session

from app.foundation import sqlite

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table; constraints get names, for a migration can only drop what it can name."""

    metadata = MetaData(naming_convention=_NAMING)


db = SQLAlchemy(model_class=Base)


def table_of(model: type[Base]) -> Table:
    """The bare table of a class, for statements that are built once: they cost a quarter of those on the class.

    Nobody narrows such a statement to an organisation: it has to say so itself (`tenancy.ours`).
    """
    return cast("Table", model.__table__)


class WriteOutsideTransactionError(RuntimeError):
    """A row was about to be written outside `transaction()`."""


def bare(
    statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]], session: Session | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement on bare tables within the session's transaction, past the session's own look at statements.

    That look is a good part of what a small one costs. What the session holds and has not written yet is not written
    first, as it is not for any statement on bare tables.
    """
    session = session or db.session()
    if statement.is_dml and not session.info.get("writing"):
        raise WriteOutsideTransactionError
    return session.connection().execute(statement, values)


@contextmanager
def transaction() -> Iterator[Session]:
    """One write transaction: commits at the end, rolls back on any error; hooks of `after_commit` run after it.

    An open read transaction is ended first, so objects read before are read anew. Transactions do not nest.
    """
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("a transaction is already open here")
    if session.in_transaction():
        session.rollback()
    session.info.update(writing=True, after_commit={})
    token = sqlite.writing.set(True)
    try:
        yield session
        session.commit()
        hooks = list(session.info["after_commit"].values())
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.update(writing=False, after_commit={})
        sqlite.writing.reset(token)
    for hook in hooks:
        hook()


def after_commit(hook: Callable[[], None], *, once: Hashable = None) -> None:
    """Run this once the open transaction has been committed; never if it is rolled back.

    Of several hooks with the same `once` only the last runs: a bell need not be rung for each of a thousand rows.
    """
    info = db.session().info
    if not info.get("writing"):
        raise WriteOutsideTransactionError("after_commit outside a transaction")
    info["after_commit"][hook if once is None else once] = hook


def in_transaction() -> bool:
    """Whether this thread's session holds a transaction, reading or writing; none may while we wait for the network."""
    return db.session().in_transaction()


def end_reading() -> None:
    """End an open read transaction, if any, so that a long wait holds no snapshot of the database."""
    if not db.session.registry.has():
        return  # to begin a session only to find nothing in it is a good part of what the quickest doors cost
    session = db.session()
    if session.in_transaction() and not session.info.get("writing"):
        session.rollback()


@contextmanager
def foreign_writes() -> Iterator[None]:
    """Let a library that commits by itself (sign-in, sessions) write: the write lock is taken from the start."""
    session = db.session()
    if session.in_transaction():
        session.rollback()
    session.info["writing"] = True
    session.info.setdefault("after_commit", {})
    token = sqlite.writing.set(True)
    try:
        yield
    finally:
        session.info["writing"] = False
        sqlite.writing.reset(token)


def rows_changed(result: Any) -> int:
    """How many rows a conditional update changed: nought means another process was first."""
    return cast("int", result.rowcount)


@event.listens_for(Session, "before_flush")
def _only_inside_a_transaction(session: Session, _context: object, _instances: object) -> None:
    changed = session.new or session.deleted or any(session.is_modified(row) for row in session.dirty)
    if changed and not session.info.get("writing"):
        raise WriteOutsideTransactionError


@event.listens_for(Session, "do_orm_execute")
def _statements_too(state: ORMExecuteState) -> None:
    """An UPDATE or DELETE outside would be rolled back with the read transaction, and nobody would notice."""
    if (state.is_insert or state.is_update or state.is_delete) and not state.session.info.get("writing"):
        raise WriteOutsideTransactionError
