"""How amounts and days read."""

from __future__ import annotations

from datetime import date

import pytest

from app.billing.wording import amount, day


@pytest.mark.parametrize(
    ("pence", "currency", "read"),
    [
        (123456, "GBP", "£1,234.56"),
        (-5, "EUR", "-€0.05"),
        (100, "CHF", "1.00 CHF"),
        (-100, "CHF", "-1.00 CHF"),
        (100, "CAD", "CA$1.00"),
    ],
)
def test_an_amount_reads_as_in_a_letter(pence: int, currency: str, read: str) -> None:
    assert amount(pence, currency) == read


@pytest.mark.parametrize(
    ("country", "read"),
    [
        ("GB", "2 March 2026"),
        ("IE", "2 March 2026"),
        ("AU", "2 March 2026"),
        ("US", "March 2, 2026"),
        ("CA", "March 2, 2026"),
        ("", "2 March 2026"),
    ],
)
def test_a_day_reads_as_its_country_writes_it(country: str, read: str) -> None:
    assert day(date(2026, 3, 2), country) == read
