"""Arithmetic: halves go up, tax is computed once for each rate."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.billing.totals import line_amounts, totals

TWENTY, FIVE, NOUGHT = Decimal(20), Decimal(5), Decimal(0)


def test_tax_is_computed_on_the_sum_and_not_on_each_line() -> None:
    # Each line alone would give 0.2 pence, rounded to nothing.
    assert totals([(1, TWENTY), (1, TWENTY), (1, TWENTY)]).tax_pence == 1


def test_each_rate_is_rounded_by_itself() -> None:
    assert totals([(10, FIVE), (13, TWENTY), (7, NOUGHT)]) == (30, 1 + 3, 34)


def test_half_a_penny_of_tax_goes_up() -> None:
    assert totals([(1010, FIVE)]).tax_pence == 51


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "expected"),
    [
        ("1", "10", "0", (1000, 0, 1000)),
        ("14.5", "128.35", "0", (186108, 0, 186108)),
        ("3", "33.333333", "0", (10000, 0, 10000)),
        ("1000", "0.0000125", "0", (1, 0, 1)),
        ("1", "9.99", "12.5", (999, 125, 874)),
        ("-2", "4.25", "10", (-850, -85, -765)),
        ("1", "10", "100", (1000, 1000, 0)),
    ],
)
def test_a_line_is_quantity_times_price_less_discount(
    quantity: str, price: str, discount: str, expected: tuple[int, int, int]
) -> None:
    assert line_amounts(Decimal(quantity), Decimal(price), Decimal(discount)) == expected


def test_a_comment_comes_to_nothing() -> None:
    assert line_amounts(None, None, NOUGHT) == (0, 0, 0)
