"""What lines and taxes come to: pure arithmetic, in pence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from app.foundation.money import share, to_pence

NOTHING = Decimal(0)


class LineAmounts(NamedTuple):
    """One line in pence: quantity times price, what is taken off, what remains."""

    amount_pence: int
    discount_pence: int
    net_pence: int


class Totals(NamedTuple):
    """A document in pence."""

    net_pence: int
    tax_pence: int
    gross_pence: int


def line_amounts(quantity: Decimal | None, unit_price: Decimal | None, discount_percent: Decimal) -> LineAmounts:
    """The amounts of one line; a line without quantity or price (in pounds) comes to nothing.

    The discount is rounded by itself, because it travels as a line of its own whose amount must be whole pence.
    """
    amount = to_pence((quantity or NOTHING) * (unit_price or NOTHING))
    discount = share(amount, discount_percent)
    return LineAmounts(amount, discount, amount - discount)


def totals(taxed: Iterable[tuple[int, Decimal]]) -> Totals:
    """The totals of lines given as (net pence, percent charged): tax per rate on the summed net, half up."""
    nets: defaultdict[Decimal, int] = defaultdict(int)
    for net_pence, percent in taxed:
        nets[percent] += net_pence
    net = sum(nets.values())
    tax = sum(share(pence, percent) for percent, pence in nets.items())
    return Totals(net, tax, net + tax)
