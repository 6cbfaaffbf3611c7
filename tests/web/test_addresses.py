"""Page numbers worth a link; what an address says, and what counts as not said."""

from __future__ import annotations

from datetime import date

import pytest

from app.web.addresses import day_in, number_in, page_numbers


@pytest.mark.parametrize(
    ("number", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (9, 9, [1, None, 8, 9]),
    ],
)
def test_first_last_and_neighbours(number: int, pages: int, shown: list[int | None]) -> None:
    assert page_numbers(number, pages) == shown


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("", None), (None, None), ("-1", None), ("²", None), ("9" * 20, None)]
)
def test_a_number_that_no_row_can_have_is_none(text: str | None, number: int | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "day"), [("2026-03-02", date(2026, 3, 2)), ("2 March", None), ("", None), (None, None)]
)
def test_a_day_that_can_t_be_read_is_none(text: str | None, day: date | None) -> None:
    assert day_in(text) == day
