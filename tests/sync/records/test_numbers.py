"""The rule of numbers that are given because ours is taken there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.records import numbers
from app.sync.records.numbers import MAX_NUMBER, candidates, next_free

NUMBERS = st.text("ABCINV-0123456789", min_size=1, max_size=MAX_NUMBER)


@given(NUMBERS)
def test_every_candidate_is_short_enough_and_ends_with_its_count(number: str) -> None:
    offered = candidates(number)
    assert all(len(one) <= MAX_NUMBER for one in offered)
    assert all(one.endswith(f"-{count}") for count, one in enumerate(offered, start=2))
    assert len(set(offered)) == len(offered)


@given(NUMBERS, st.sets(st.integers(2, numbers.HIGHEST)))
def test_the_first_free_one_is_given(number: str, taken: set[int]) -> None:
    offered = candidates(number)
    free = [one for count, one in enumerate(offered, start=2) if count not in taken]
    lower = {offered[count - 2].lower() for count in taken}
    assert next_free(number, number, lower) == (free[0] if free else None)


@pytest.mark.parametrize(
    ("number", "count", "there"),
    [
        ("INV-1001", 2, "INV-1001-2"),
        ("NORTHGATE-2026-000017", 2, "RTHGATE-2026-000017-2"),
        ("A" * 21, 12, "A" * 18 + "-12"),
    ],
)
def test_letters_are_left_out_in_front_where_it_is_too_long(number: str, count: int, there: str) -> None:
    assert numbers.suffixed(number, count) == there


def test_of_a_number_that_is_too_long_its_end_comes_first() -> None:
    offered = candidates("NORTHGATE-INVOICE-2026-000017")
    assert offered[:2] == ["E-INVOICE-2026-000017", "INVOICE-2026-000017-2"]


def test_never_one_before_the_present_is_given() -> None:
    assert next_free("INV-1", "INV-1-3", set()) == "INV-1-4"
    assert next_free("INV-1", "INV-1-20", set()) is None
