"""Words of a person's search as conditions on rows, and the rows that they find where those are not too many.

Of a common word the first thousand rows show that it is one; only for a rare one all texts are read.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, or_, select, true

from app.billing.client import Client
from app.foundation.database import db
from app.foundation.searching import holds

MOST = 1_000
"""So many hits are counted, summed and paged through; whoever finds more is asked to say more."""


def matches(search: str, *columns: Any) -> ColumnElement[bool]:
    """Whether every word of a search stands in one of the columns, whatever its case."""
    words = search.split()
    return and_(*(or_(*(holds(column, word) for column in columns)) for word in words))


def said_or_of(search: str, client_id: Any, *columns: Any) -> ColumnElement[bool]:
    """Whether every word stands in a column or in the client's name.

    The few clients are found first. Said as a case, for of "either or" SQLite would read the texts of every row first.
    """
    return and_(
        *(case((client_id.in_(_called(word)), true()), else_=matches(word, *columns)) for word in search.split())
    )


def hits(*questions: Select[int]) -> tuple[int, ...] | None:
    """The ids that questions for ids find together, unordered; None where they are more than `MOST`."""
    found: set[int] = set()
    for question in questions:
        found.update(db.session.scalars(question.limit(MOST + 1)))
        if len(found) > MOST:
            return None
    return tuple(sorted(found))


def _called(word: str) -> Select[int]:
    return select(Client.id).where(matches(word, Client.name))
