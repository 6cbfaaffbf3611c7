"""Logs are walked by key, never by counting: a slice of rows, and the keys that lead to its neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from app.foundation.database import db

PER_SLICE = 50

Row = TypeVar("Row")


@dataclass(frozen=True)
class Place:
    """Where a reader stands: rows before or after a key; neither is the newest end."""

    before: int | None = None
    after: int | None = None
    size: int = PER_SLICE


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """Rows, the newest first; `older` and `newer` are the keys to go on from, None where there is no more."""

    rows: list[Row]
    older: int | None
    newer: int | None


def slice_of(wanted: Select[Any], key: InstrumentedAttribute[int], place: Place) -> Slice[Any]:
    """One slice of what is wanted (without an order of its own), by its key."""
    if place.after is not None:
        rows = list(db.session.scalars(wanted.where(key > place.after).order_by(key.asc()).limit(place.size + 1)))
        more, rows = len(rows) > place.size, list(reversed(rows[: place.size]))
        # What is older than these was just on the reader's page.
        return Slice(rows, rows[-1].id if rows else None, rows[0].id if more else None)
    if place.before is not None:
        wanted = wanted.where(key < place.before)
    rows = list(db.session.scalars(wanted.order_by(key.desc()).limit(place.size + 1)))
    more, rows = len(rows) > place.size, rows[: place.size]
    return Slice(rows, rows[-1].id if more else None, rows[0].id if rows and place.before is not None else None)
