"""No penny is lost, and halves go away from zero."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation import money


@pytest.mark.parametrize(
    ("amount", "pence"), [("0.005", 1), ("-0.005", -1), ("1.234", 123), ("1.235", 124), ("2.5", 250), ("-1.235", -124)]
)
def test_halves_are_rounded_away_from_zero(amount: str, pence: int) -> None:
    assert money.to_pence(Decimal(amount)) == pence


def test_pounds_always_have_two_decimals() -> None:
    assert str(money.to_pounds(1000)) == "10.00"


@pytest.mark.parametrize(("pence", "percent", "part"), [(250, "1", 3), (-250, "1", -3), (333, "20", 67), (0, "20", 0)])
def test_a_share_is_rounded_half_up(pence: int, percent: str, part: int) -> None:
    assert money.share(pence, Decimal(percent)) == part


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_a_split_loses_no_penny(pence: int, weights: list[int]) -> None:
    assert sum(money.split(pence, weights)) == pence


@given(st.integers(0, 10**9), st.lists(st.integers(0, 1000), min_size=1, max_size=20))
def test_no_part_of_a_split_is_off_by_a_penny_or_more(pence: int, weights: list[int]) -> None:
    shares = weights if any(weights) else [1] * len(weights)
    for part, weight in zip(money.split(pence, weights), shares, strict=True):
        assert abs(part * sum(shares) - pence * weight) < sum(shares)


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(-1000, 1000), min_size=1, max_size=20).filter(sum))
def test_a_split_loses_no_penny_where_something_is_taken_off(pence: int, weights: list[int]) -> None:
    assert sum(money.split(pence, weights)) == pence


def test_what_weighs_nothing_gets_nothing_beside_what_does() -> None:
    assert money.split(100, [0, 1, 0]) == [0, 100, 0]


def test_weights_of_nought_share_equally() -> None:
    assert money.split(-100, [0, 0, 0]) == [-34, -33, -33]


@given(st.integers(-(10**12), 10**12))
def test_pence_to_pounds_and_back_is_the_same(pence: int) -> None:
    assert money.to_pence(money.to_pounds(pence)) == pence
