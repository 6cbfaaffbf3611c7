"""Page numbers worth a link."""

from __future__ import annotations

import pytest

from app.web.addresses import page_numbers


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
