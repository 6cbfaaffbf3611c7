"""Proofs share the budget of a run by their weights."""

from __future__ import annotations

from tests.proving import part_of


def test_all_parts_together_leave_a_little_of_what_all_processes_have() -> None:
    weights = [2.0, 2.0, 1.0, 3.0]
    assert 0.8 * 2 * 900 < sum(part_of(weight, weights, 900, processes=2) for weight in weights) < 2 * 900


def test_the_heavier_one_gets_more() -> None:
    assert part_of(3, [1, 3, 4], 100, processes=1) == 3 * part_of(1, [1, 3, 4], 100, processes=1)


def test_one_alone_gets_no_more_than_the_clock_shows() -> None:
    assert part_of(1, [1], 100, processes=8) <= 100
