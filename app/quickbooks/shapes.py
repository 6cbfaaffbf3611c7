"""The little language in which the limits of documents are written, and its reader (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from app.quickbooks.errors import BadDocumentError

_ID = re.compile(r"-?\d{1,20}\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Shape(Protocol):
    """What a property may hold."""

    def check(self, path: str, value: Any) -> None:
        """Raises BadDocumentError naming the path when the value may not stand there."""
        ...


@dataclass(frozen=True)
class Text:
    """So many characters at most; some names may not hold certain ones."""

    longest: int
    without: str = ""

    def check(self, path: str, value: Any) -> None:
        if not isinstance(value, str):
            raise BadDocumentError(path, "must be text")
        if len(value) > self.longest:
            raise BadDocumentError(path, f"may have at most {self.longest} characters, this has {len(value)}")
        if not _is_utf8(value) or (self.without and any(character in value for character in self.without)):
            raise BadDocumentError(path, "holds a character that QuickBooks does not take here")


@dataclass(frozen=True)
class Number:
    """A number of so many digits before and after the point."""

    before: int = 10
    after: int = 5

    def check(self, path: str, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise BadDocumentError(path, "must be a whole number or a decimal, never a float")
        number = Decimal(value)
        # `adjusted` is the exponent of the first digit; nought has none that counts.
        if not number.is_finite() or (number and number.adjusted() >= self.before):
            raise BadDocumentError(path, f"must have at most {self.before} digits before the point")
        if -int(number.normalize().as_tuple().exponent) > self.after:
            raise BadDocumentError(path, f"must have at most {self.after} digits after the point")


class Flag:
    """True or false."""

    def check(self, path: str, value: Any) -> None:
        if not isinstance(value, bool):
            raise BadDocumentError(path, "must be true or false")


class Day:
    """A date as YYYY-MM-DD."""

    def check(self, path: str, value: Any) -> None:
        try:
            date.fromisoformat(value)
        except (TypeError, ValueError) as problem:
            raise BadDocumentError(path, "must be a date as YYYY-MM-DD") from problem


class Id:
    """An id, which is text of digits."""

    def check(self, path: str, value: Any) -> None:
        if not isinstance(value, str) or not _ID.match(value):
            raise BadDocumentError(path, "must be an id, as text of digits")


@dataclass(frozen=True)
class OneOf:
    """One of a few words."""

    words: frozenset[str]

    def check(self, path: str, value: Any) -> None:
        if value not in self.words:
            raise BadDocumentError(path, f"must be one of {', '.join(sorted(self.words))}")


@dataclass(frozen=True)
class Record:
    """An object with these properties and no others: Intuit answers an unknown one with fault 2010."""

    properties: Mapping[str, Shape]
    needed: tuple[str, ...] = ()

    def check(self, path: str, value: Any) -> None:
        if not isinstance(value, Mapping):
            raise BadDocumentError(path, "must be an object")
        inside = f"{path}." if path else ""
        for name in self.needed:
            if value.get(name) in (None, ""):
                raise BadDocumentError(inside + name, "is required")
        for name, part in value.items():
            shape = self.properties.get(name)
            if shape is None:
                raise BadDocumentError(inside + name, "is not a property that QuickBooks documents")
            shape.check(inside + name, part)


@dataclass(frozen=True)
class Rows:
    """A list of objects, so many at most."""

    row: Shape
    most: int = 10_000
    fewest: int = 0

    def check(self, path: str, value: Any) -> None:
        if not isinstance(value, list | tuple) or not self.fewest <= len(value) <= self.most:
            raise BadDocumentError(path, f"must be a list of {self.fewest} to {self.most} entries")
        for index, row in enumerate(value):
            self.row.check(f"{path}[{index}]", row)


def _is_utf8(value: str) -> bool:
    """A lone surrogate, as a broken import leaves it, cannot be sent at all."""
    return value.isascii() or not _SURROGATE.search(value)
