"""Reads of a month against their budget."""

import pytest

from app.quickbooks.meter import Meter


@pytest.mark.parametrize(
    ("reads", "percent", "warning"),
    [
        (0, 0, None),
        (349_999, 69, None),
        (350_000, 70, 70),
        (449_999, 89, 70),
        (450_000, 90, 90),
        (499_999, 99, 90),
        (500_000, 100, 100),
        (700_000, 140, 100),
    ],
)
def test_at_seventy_ninety_and_a_hundred_per_cent_a_warning_is_due(
    reads: int, percent: int, warning: int | None
) -> None:
    meter = Meter(reads, 500_000)
    assert (meter.percent, meter.warning) == (percent, warning)


def test_a_meter_says_how_much_is_used() -> None:
    assert Meter(350_000, 500_000).words.startswith("70 % of the 500,000 reads")


def test_a_meter_says_when_the_month_is_spent() -> None:
    assert Meter(500_000, 500_000).words == "The 500,000 reads that Intuit allows this app in a month are spent"
