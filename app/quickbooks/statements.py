"""Statements of Intuit's query language, with every value quoted (pure).

The language has no OR, NOT or JOIN. Inactive names are left out unless Active is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

PAGE = 1000
"""Rows of one answer at most."""
EVEN_INACTIVE = "Active IN (true, false)"

_NAME = re.compile(r"[A-Za-z][A-Za-z.]*\Z")
_OPERATORS = frozenset({"=", "<", ">", "<=", ">=", "LIKE"})

Value = str | int | bool | Decimal | date | datetime


@dataclass(frozen=True)
class Statement:
    """`str(statement)` is what is sent. Paging needs an order: without one the pages may overlap."""

    entity: str
    where: tuple[str, ...] = ()
    order: str = "Id"
    start: int = 1
    most: int = PAGE

    def __str__(self) -> str:
        page = f"ORDERBY {_known(self.order)} STARTPOSITION {self.start} MAXRESULTS {self.most}"
        return " ".join(("SELECT * FROM", *_from(self.entity, self.where), page))


def count(entity: str, *where: str) -> str:
    """The statement that counts records."""
    return " ".join(("SELECT COUNT(*) FROM", *_from(entity, where)))


def where(field: str, operator: str, value: Value) -> str:
    """One condition. Raises ValueError for a field that is no name or an operator the language lacks."""
    if operator not in _OPERATORS:
        raise ValueError(f"the query language has no {operator}")
    return f"{_known(field)} {operator} {quoted(value)}"


def in_(field: str, values: Iterable[Value]) -> str:
    """The condition that a field holds one of these. Raises ValueError when there are none: it would match nothing."""
    listed = [quoted(value) for value in values]
    if not listed:
        raise ValueError("IN needs at least one value")
    return f"{_known(field)} IN ({', '.join(listed)})"


def quoted(value: Value) -> str:
    """A value as the language writes it: text in single quotes, a quote inside behind a backslash (as recorded)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"'{value.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')}'"
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _from(entity: str, where: tuple[str, ...]) -> list[str]:
    return [_known(entity), *(["WHERE", " AND ".join(where)] if where else [])]


def _known(name: str) -> str:
    if not _NAME.match(name):
        raise ValueError(f"{name!r} is no name of the query language")
    return name
