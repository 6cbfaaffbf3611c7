"""Pence and how they are rounded: the one place that rounds.

Amounts are integers in minor units ("pence", whatever the currency). Prices and quantities are `Decimal`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

_HUNDRED = Decimal(100)
_UNIT = Decimal(1)


def to_pence(amount: Decimal) -> int:
    """Pounds to pence, halves away from zero (money is never rounded to even)."""
    return int((amount * _HUNDRED).quantize(_UNIT, rounding=ROUND_HALF_UP))


def to_pounds(pence: int) -> Decimal:
    """Pence to pounds, always with two decimals, so that 1000 gives Decimal('10.00')."""
    return Decimal(pence).scaleb(-2)


def share(pence: int, percent: Decimal) -> int:
    """So many percent of an amount in pence, halves away from zero."""
    return int((Decimal(pence) * percent / _HUNDRED).quantize(_UNIT, rounding=ROUND_HALF_UP))


def split(pence: int, weights: Sequence[int]) -> list[int]:
    """Divide an amount in proportion to the weights without losing a penny; the largest remainders get the rest.

    Weights that come to nought share equally. Some may be negative: what is taken off gets its part off.
    """
    total = sum(weights) or len(weights)
    parts = weights if sum(weights) else [1] * len(weights)
    exact = [Decimal(pence) * part / total for part in parts]
    whole = [int(value) for value in exact]
    lacking = pence - sum(whole)
    step = 1 if lacking >= 0 else -1
    order = sorted(range(len(parts)), key=lambda i: step * (exact[i] - whole[i]), reverse=True)
    for index in order[: abs(lacking)]:
        whole[index] += step
    return whole
