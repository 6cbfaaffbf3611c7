"""Intuit's times."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.quickbooks import moments


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-05T02:05:12-07:00", datetime(2026, 5, 5, 9, 5, 12, tzinfo=UTC)),
        ("2026-05-05T02:05:12.193-07:00", datetime(2026, 5, 5, 9, 5, 12, 193000, tzinfo=UTC)),
        ("2026-09-10T21:31:25Z", datetime(2026, 9, 10, 21, 31, 25, tzinfo=UTC)),
        ("2026-09-10T21:31:25.1Z", datetime(2026, 9, 10, 21, 31, 25, 100000, tzinfo=UTC)),
        ("2026-09-10T21:31:25.179851517Z", datetime(2026, 9, 10, 21, 31, 25, 179851, tzinfo=UTC)),
        ("2026-09-10T21:31:25", datetime(2026, 9, 10, 21, 31, 25, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        (None, None),
        (1601391072830, None),
    ],
)
def test_a_time_is_read_in_any_of_its_forms(text: Any, moment: datetime | None) -> None:
    assert moments.moment(text) == moment


def test_a_date_may_carry_an_offset() -> None:
    assert moments.day("2026-01-15-08:00") == date(2026, 1, 15)
    assert moments.day(None) is None
