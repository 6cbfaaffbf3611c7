"""How amounts and days read."""

from __future__ import annotations

from datetime import date

import pytest

from app.billing.wording import amount, day


@pytest.mark.parametrize(
    ("pence", "currency", "read"),
    [(123456, "GBP", "£1,234.56"), (-5, "EUR", "-€0.05"), (100, "CHF", "1.00 CHF"), (-100, "CHF", "-1.00 CHF")],
)
def test_an_amount_reads_as_in_a_letter(pence: int, currency: str, read: str) -> None:
    assert amount(pence, currency) == read


def test_a_day_has_no_leading_nought() -> None:
    assert day(date(2026, 3, 2)) == "2 March 2026"
