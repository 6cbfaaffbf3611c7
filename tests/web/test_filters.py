"""Money, dates and shares as a British bookkeeper writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from app.foundation import clock
from app.web import filters
from app.web.browsers import browser_name


@pytest.mark.parametrize(
    ("pence", "written"), [(123450, "£1,234.50"), (0, "£0.00"), (-5, "\N{MINUS SIGN}£0.05"), (None, "\N{EN DASH}")]
)
def test_money(pence: int | None, written: str) -> None:
    assert filters.money(pence) == written


def test_money_of_others() -> None:
    assert (filters.money(100, "EUR"), filters.money(100, "USD")) == ("€1.00", "US$1.00")


@pytest.mark.parametrize(("value", "written"), [("0.0000375", "£0.0000375"), ("9", "£9.00"), ("1250.5", "£1,250.50")])
def test_a_unit_price_keeps_its_places(value: str, written: str) -> None:
    assert filters.price(Decimal(value)) == written


def test_a_share_and_a_day() -> None:
    assert filters.percent(Decimal("17.5")) == "17.5%"
    assert filters.day(date(2026, 3, 2)) == "2 Mar 2026"


def test_a_moment_says_when_exactly(app: Flask) -> None:
    with app.test_request_context():
        told = filters.ago(clock.now() - timedelta(minutes=2))
        summer = filters.stamp(datetime(2026, 7, 1, 12, tzinfo=UTC))
    assert "2 minutes ago" in told
    assert 'datetime="' in told
    assert summer == "1 Jul 2026, 13:00:00"


def test_a_browser_by_name() -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    assert (browser_name(firefox), browser_name("curl/8.0"), browser_name("")) == (
        "Firefox on Linux",
        "curl",
        "Unknown browser",
    )
