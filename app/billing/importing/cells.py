"""Cells into values: each parser takes the text of a cell and raises ValueError with a sentence about it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from app.billing.conventions import DayOrder
from app.billing.kinds import DocumentKind

_NUMBER = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})([ T].*)?")
_SLASHED_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MONTHS = 12
_READ = {DayOrder.DAY_FIRST: ", day first", DayOrder.MONTH_FIRST: ", month first", DayOrder.EITHER: ""}
_SIGNS = re.compile("[£$€]")
_MAX_DIGITS = 30
_LARGEST = Decimal(100_000_000)
"""Of quantities and prices: the product of two larger ones is more pence than a database counts."""

_KINDS = {
    "": None,
    "invoice": DocumentKind.INVOICE,
    "credit note": DocumentKind.CREDIT_NOTE,
    "credit": DocumentKind.CREDIT_NOTE,
}


def text(cell: str) -> str:
    """The cell without blanks around it."""
    return cell.strip()


def number(cell: str) -> Decimal | None:
    """A decimal number, with or without commas between thousands and the sign of a currency; None for an empty cell."""
    plain = _SIGNS.sub("", cell, count=1).strip()
    if not plain:
        return None
    if len(plain) > _MAX_DIGITS or not _NUMBER.fullmatch(plain):
        raise ValueError(f"'{cell.strip()}' is not a number")
    value = Decimal(plain.replace(",", ""))
    if abs(value) > _LARGEST:
        raise ValueError(f"'{cell.strip()}' is larger than {_LARGEST:,}")
    return value


def percent(cell: str) -> Decimal:
    """A number of percent, with or without its sign; nought for an empty cell."""
    return number(cell.strip().removesuffix("%")) or Decimal(0)


def day(cell: str, order: DayOrder = DayOrder.EITHER) -> date | None:
    """A day as 2026-03-31 (a time behind it is left out) or, in this order, 31/03/2026; None for an empty cell."""
    plain = cell.strip()
    if not plain:
        return None
    if iso := _ISO_DAY.fullmatch(plain):
        year, month, monthday = (int(part) for part in iso.group(1, 2, 3))
    elif slashed := _SLASHED_DAY.fullmatch(plain):
        first, second, year = (int(part) for part in slashed.groups())
        month, monthday = _in_order(plain, first, second, order)
    else:
        raise ValueError(f"'{plain}' is not a date such as 2026-03-31")
    try:
        return date(year, month, monthday)
    except ValueError as problem:
        raise ValueError(f"'{plain}' is not a day of the calendar{_READ[order]}") from problem


def _in_order(cell: str, first: int, second: int, order: DayOrder) -> tuple[int, int]:
    """Month and day of what stands before and behind the first slash."""
    if order is DayOrder.EITHER and max(first, second) <= _MONTHS and first != second:
        raise ValueError(f"'{cell}' may name either of two days; write it as 2026-03-31")
    is_month_first = order is DayOrder.MONTH_FIRST or (order is DayOrder.EITHER and second > _MONTHS)
    return (first, second) if is_month_first else (second, first)


def kind(cell: str) -> DocumentKind | None:
    """The words invoice or credit note, whatever their case; None for an empty cell."""
    word = cell.strip().lower().replace("_", " ")
    if word not in _KINDS:
        raise ValueError(f"'{cell.strip()}' is neither invoice nor credit note")
    return _KINDS[word]
