"""Reads of a month against their budget."""

import pytest

from app.quickbooks.meter import Meter


@pytest.mark.parametrize(
    ("reads", "percent", "warning"),
    [(0, 0, None), (349_999, 69, None), (350_000, 70, 70), (449_999, 89, 70), (450_000, 90, 90), (700_000, 140, 90)],
)
def test_at_seventy_and_at_ninety_per_cent_a_warning_is_due(reads: int, percent: int, warning: int | None) -> None:
    meter = Meter(reads, 500_000)
    assert (meter.percent, meter.warning) == (percent, warning)


def test_a_meter_says_how_much_is_used() -> None:
    assert Meter(350_000, 500_000).words.startswith("70 % of the 500,000 reads")
