"""A company's list of tens of thousands of records, looked into without being read whole; records are values here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select

from app.foundation.database import db, table_of
from app.foundation.tenancy import ours
from app.quickbooks.catalogue import SHOWN, Shown
from app.quickbooks.lists import folded
from app.quickbooks.models import CatalogueRow

_TABLE = table_of(CatalogueRow)
_SKU = func.lower(_TABLE.c.data["sku"].as_string())
_SHORT = 2
_AT_ONCE = 400
"""Names of one statement."""


def count(connection_id: int, entity: str) -> int:
    """How many active records there are."""
    counted = select(func.count()).select_from(_TABLE).where(*_active(connection_id, entity))
    return int(db.session.scalar(counted) or 0)


def called(connection_id: int, entity: str, names: Iterable[str], *, or_sku: bool = False) -> list[Shown]:
    """The active records of these names, whatever their case and blanks; those whose SKU is one of them too."""
    wanted, found = sorted({folded(name) for name in names} - {""}), dict[str, Shown]()
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        same = or_(_TABLE.c.name_folded.in_(some), _SKU.in_(some)) if or_sku else _TABLE.c.name_folded.in_(some)
        found |= {row.remote_id: row for row in _those(connection_id, entity, same)}
    return list(found.values())


def sharing_a_word(connection_id: int, entity: str, name: str, most: int) -> list[Shown]:
    """Active records whose name holds a word of this one, at most so many; words of two letters and fewer don't count.

    What is very much alike shares a word, unless every one of them is misspelt.
    """
    return _those(connection_id, entity, holds_a_word(name), most)


def holds_a_word(name: str) -> ColumnElement[bool]:
    """The condition that a record's name holds a word of this one."""
    words = [word for word in folded(name).split() if len(word) > _SHORT]
    return or_(false(), *(_TABLE.c.name_folded.contains(word, autoescape=True) for word in words))


def _those(connection_id: int, entity: str, condition: ColumnElement[bool], most: int | None = None) -> list[Shown]:
    rows = select(*SHOWN).where(*_active(connection_id, entity), condition).order_by(_TABLE.c.id)
    return [Shown(*row) for row in db.session.execute(rows.limit(most))]


def _active(connection_id: int, entity: str) -> tuple[Any, ...]:
    here = (_TABLE.c.connection_id == connection_id, _TABLE.c.entity == entity)
    return (*here, _TABLE.c.active, ~_TABLE.c.vanished, ours(_TABLE))
