"""Cells become values or say what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from app.billing.conventions import DayOrder
from app.billing.importing import cells
from app.billing.kinds import DocumentKind

british, american = (partial(cells.day, order=order) for order in (DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST))


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        (cells.text, "  x ", "x"),
        (cells.number, "", None),
        (cells.number, " £1,234.50 ", Decimal("1234.50")),
        (cells.number, "-2", Decimal(-2)),
        (cells.number, "$1,234.50", Decimal("1234.50")),
        (cells.number, "-€5", Decimal(-5)),
        (cells.number, "0.0437500", Decimal("0.0437500")),
        (cells.percent, "12.5%", Decimal("12.5")),
        (cells.percent, "", Decimal(0)),
        (cells.day, "2010-12-01 08:26:00", date(2010, 12, 1)),
        (cells.day, "31/12/2026", date(2026, 12, 31)),
        (cells.day, "12/31/2026", date(2026, 12, 31)),
        (cells.day, "3/3/2026", date(2026, 3, 3)),
        (british, "1/2/2026", date(2026, 2, 1)),
        (american, "1/2/2026", date(2026, 1, 2)),
        (american, "2026-02-01", date(2026, 2, 1)),
        (cells.day, "", None),
        (cells.kind, "Credit Note", DocumentKind.CREDIT_NOTE),
        (cells.kind, "", None),
    ],
)
def test_a_cell_is_understood(parse: Callable[[str], Any], cell: str, value: object) -> None:
    assert parse(cell) == value


@pytest.mark.parametrize(
    ("parse", "cell", "problem"),
    [
        (cells.number, "twelve", "not a number"),
        (cells.number, "1,23", "not a number"),
        (cells.number, "NaN", "not a number"),
        (cells.number, "1" * 31, "not a number"),
        (cells.day, "2026-02-30", "not a day of the calendar"),
        (cells.day, "01.02.2026", "not a date"),
        (cells.day, "1/2/2026", "may name either of two days; write it as 2026-03-31"),
        (american, "31/12/2026", "not a day of the calendar, month first"),
        (british, "12/31/2026", "not a day of the calendar, day first"),
        (cells.number, "$€5", "not a number"),
        (cells.kind, "Proforma", "neither invoice nor credit note"),
    ],
)
def test_a_cell_that_is_not_says_why(parse: Callable[[str], Any], cell: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse(cell)
