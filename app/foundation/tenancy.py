"""Tenants are walls: every row of an organisation is read and written on behalf of that organisation only.

`acting_for(organisation_id)` opens the door of one organisation; each query on its rows is narrowed by itself. Without
it a query on such rows fails loudly. `everywhere()` is for the few sweeps that belong to no organisation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import ForeignKey, event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria

_EVERYWHERE = -1
_organisation: ContextVar[int | None] = ContextVar("organisation", default=None)


class TenancyError(RuntimeError):
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


class OrganisationRow:
    """A row that belongs to one organisation; the id is filled in from the organisation we act for."""

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, default=current_organisation
    )


@event.listens_for(Session, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    if not any(issubclass(mapper.class_, OrganisationRow) for mapper in state.all_mappers):
        return
    organisation = _organisation.get()
    if organisation is None:
        raise TenancyError(f"no organisation is set for: {str(state.statement)[:200]}")
    if organisation != _EVERYWHERE and not state.is_column_load:
        state.statement = state.statement.options(
            with_loader_criteria(OrganisationRow, lambda cls: cls.organisation_id == organisation, include_aliases=True)
        )


@event.listens_for(Session, "before_flush")
def _refuse_strangers(session: Session, _context: object, _instances: object) -> None:
    organisation = _organisation.get()
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, OrganisationRow) and organisation not in {_EVERYWHERE, row.organisation_id or organisation}:
            raise TenancyError(f"{type(row).__name__} belongs to another organisation")
