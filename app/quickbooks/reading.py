"""One property of an answer, whatever Intuit's servers make of it: casing, missing parts, numbers as text (pure).

A missing part is empty: absent values are left out of the wire (reference 3.0). A part that is there and cannot be what
it is called raises UnknownOutcome: to guess nought for an amount would be a lie in the books.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from app.foundation.money import to_pence
from app.quickbooks.errors import UnknownOutcome

Entity = Mapping[str, Any]

NOTHING: Entity = {}
_LARGEST = Decimal(10) ** 15
"""Intuit's amounts have at most 15 digits (reference 3.0)."""
_WITH_THOUSANDS = re.compile(r"\s*[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?\s*\Z", re.ASCII)


def said(entity: Entity, name: str) -> Any:
    """What the property says, in any casing of its name; None when it is not there."""
    if name in entity:
        return entity[name]
    wanted = name.lower()
    return next((value for key, value in entity.items() if str(key).lower() == wanted), None)


def part(entity: Entity, name: str) -> Entity:
    """A record inside the record; empty when it is missing or something else."""
    found = said(entity, name)
    return found if isinstance(found, Mapping) else NOTHING


def parts(entity: Entity, name: str) -> list[Entity]:
    """The records of a list inside the record; one that stands alone is a list of one, and what is none is left out."""
    found = said(entity, name)
    if isinstance(found, Mapping):
        return [found]
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def text(entity: Entity, name: str) -> str:
    """A word or a number as text; empty when it is missing or a record."""
    found = said(entity, name)
    return "" if found is None or isinstance(found, Mapping | list) else str(found)


def flag(entity: Entity, name: str, *, otherwise: bool) -> bool:
    """True or false, also as a word; `otherwise` when it is missing."""
    found = said(entity, name)
    return found if isinstance(found, bool) else {"true": True, "false": False}.get(str(found).lower(), otherwise)


def number(value: Any) -> Decimal:
    """A number that came as one or as text, with thousands separators too ("1,861.07"); 0 when it is missing.

    Raises UnknownOutcome for anything else: another way of writing it would be read wrong by a factor of a thousand.
    """
    if value is None or value == "":
        return Decimal(0)
    if type(value) is Decimal:  # as `wire.decode` gives every fraction
        return _within(value, value)
    told = str(value)
    plain = told.replace(",", "") if _WITH_THOUSANDS.match(told) else told
    try:
        found = Decimal(plain)
    except InvalidOperation:
        found = Decimal("NaN")
    return _within(found, value)


def _within(found: Decimal, told: Any) -> Decimal:
    if not found.is_finite() or abs(found) >= _LARGEST:
        raise UnknownOutcome(f"QuickBooks' answer holds an amount that cannot be read: {str(told)[:40]!r}")
    return found


def pence(value: Any) -> int:
    """An amount in pence. Raises UnknownOutcome for what is no amount."""
    return to_pence(number(value))
