"""Tenants are walls: every row of an organisation is read and written on behalf of that organisation only.

`acting_for(organisation_id)` opens the door of one organisation; each query on its rows is narrowed by itself. Without
it a query on such rows fails loudly. `everywhere()` is for the few sweeps that belong to no organisation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import ColumnElement, ForeignKey, FromClause, Integer, bindparam, event
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria

_EVERYWHERE = -1
_organisation: ContextVar[int | None] = ContextVar("organisation", default=None)


class TenancyError(DontWrapMixin, RuntimeError):
    """A row of an organisation was asked for on behalf of nobody."""


def current_organisation() -> int:
    """The id of the organisation we act for. Raises TenancyError when there is none."""
    organisation = _organisation.get()
    if organisation is None or organisation == _EVERYWHERE:
        raise TenancyError
    return organisation


@contextmanager
def acting_for(organisation_id: int) -> Iterator[None]:
    """Act for this organisation until the block ends."""
    token = _organisation.set(organisation_id)
    try:
        yield
    finally:
        _organisation.reset(token)


@contextmanager
def everywhere() -> Iterator[None]:
    """Read across all organisations until the block ends: sweeps of the worker, sign-in, the operator's commands."""
    with acting_for(_EVERYWHERE):
        yield


def _ours() -> int:
    """For a statement that is about to run: whom it runs for."""
    organisation = _organisation.get()
    if organisation is None:
        raise TenancyError("no organisation is set")
    return organisation


_OURS = bindparam("current_organisation", callable_=_ours, type_=Integer)
"""Asked each time a statement runs, and only by statements that touch rows of an organisation."""


def ours(table: FromClause) -> ColumnElement[bool]:
    """What narrows a statement on a bare table, built once, to the organisation that it runs for: see `table_of`.

    Such a statement names its rows by keys; as a sum the column finds no index of its own. `everywhere` it finds none.
    """
    return table.c.organisation_id + 0 == _OURS


class OrganisationRow:
    """A row that belongs to one organisation; the id is filled in from the organisation we act for."""

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, default=current_organisation
    )


class HistoryRow(OrganisationRow):
    """One of the many rows every document leaves behind: found by what it hangs on, so its organisation has no index.

    With one, SQLite would take it up for any question at all, and walk through years of them.
    """

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), default=current_organisation)


_NARROWED = with_loader_criteria(OrganisationRow, lambda cls: cls.organisation_id == _OURS, include_aliases=True)
# As a sum the column finds no index, so whose the rows are is asked of those alone that their keys have found.
_CHECKED = with_loader_criteria(OrganisationRow, lambda cls: cls.organisation_id + 0 == _OURS, include_aliases=True)
BY_KEY = {"rows_named_by_key": True}
"""Execution options of a statement that names its rows by their keys, or those of the rows they hang on."""


@event.listens_for(Session, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    """Narrow every table of the statement, also where no such row is among the results: counts, sums, subqueries."""
    if _organisation.get() == _EVERYWHERE or state.is_column_load or not state.is_orm_statement:
        return
    named = state.execution_options.get("rows_named_by_key", False)
    state.statement = state.statement.options(_CHECKED if named else _NARROWED)


@event.listens_for(Session, "before_flush")
def _refuse_strangers(session: Session, _context: object, _instances: object) -> None:
    organisation = _organisation.get()
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, OrganisationRow) and organisation not in {_EVERYWHERE, row.organisation_id or organisation}:
            raise TenancyError(f"{type(row).__name__} belongs to another organisation")
