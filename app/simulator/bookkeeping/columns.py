"""Queryable properties (§5): what of a record is kept at hand for filters, sorting and look-ups."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.simulator.bookkeeping import clock, wire
from app.simulator.bookkeeping.wire import Body

Fact = Any
"""What a property is compared as: str, Decimal, bool, int, aware datetime, or None when absent."""


def _text(value: object) -> Fact:
    return str(value).casefold() if value is not None else None


def _number(value: object) -> Fact:
    return wire.money(value)


def _flag(value: object) -> Fact:
    return bool(value) if value is not None else None


def _day(value: object) -> Fact:
    return str(value) if value else None


def _moment(value: object) -> Fact:
    return clock.moment_from(str(value)) if value else None


def _identity(value: object) -> Fact:
    return int(value) if isinstance(value, str) and value.isdigit() else value


def _bytes(value: object) -> Fact:
    return str(value).encode() if value is not None else None


_READ: dict[str, Callable[[object], Fact]] = {
    "text": _text, "ref": _text, "number": _number, "flag": _flag, "day": _day, "moment": _moment, "id": _identity,
    "bytes": _bytes,
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A property a query may name; `path` is where its value stands in the record."""

    name: str
    type: str = "text"
    path: tuple[str, ...] = ()
    indexed: bool = False

    def fact(self, body: Body) -> Fact:
        """The value of this property in a record, ready to compare."""
        value: object = body
        for step in self.path or (self.name,):
            value = value.get(step) if isinstance(value, dict) else None
        return _READ[self.type](value)

    def literal(self, text: str) -> Fact:
        """A query's value, ready to compare. Raises ValueError when it is no value of this type."""
        if self.type == "number":
            return _finite(text)
        if self.type == "flag":
            return {"true": True, "false": False}[text.lower()]
        return _READ[self.type](text)


def _finite(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except ArithmeticError as error:
        raise ValueError(text) from error
    if not value.is_finite():
        raise ValueError(text)
    return value


def ref(name: str, *, indexed: bool = False) -> Column:
    """A reference, compared by its value."""
    return Column(name, "ref", (name, "value"), indexed=indexed)


BYTE_ORDER = "byte order of the name"
"""What a list is ordered by where nobody asks for an order (§5, recorded); no question can name it."""
_NAMES = ("FullyQualifiedName", "DisplayName", "Name")


def by_bytes(columns: Iterable[Column]) -> Column:
    """The byte order of a list's full name, of its Id where it has none."""
    known = {column.name for column in columns}
    return Column(BYTE_ORDER, "bytes", (next((name for name in _NAMES if name in known), "Id"),))


SYSTEM = (
    Column("Id", "id"),
    Column("MetaData.CreateTime", "moment", ("MetaData", "CreateTime")),
    Column("MetaData.LastUpdatedTime", "moment", ("MetaData", "LastUpdatedTime")),
)
"""What every kind can be asked for (§5)."""
