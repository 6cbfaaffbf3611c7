"""Amounts, dates and moments as people of several countries write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.web.formats import Format

BRITISH, IRISH = Format("en_GB", "GBP"), Format("en_IE", "EUR")
AMERICAN, AUSTRALIAN, CANADIAN = Format("en_US", "USD"), Format("en_AU", "AUD"), Format("en_CA", "CAD")
TEATIME = datetime(2026, 11, 21, 16, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "currency", "amount"),
    [
        (BRITISH, "", "£1,234.50"),
        (BRITISH, "USD", "US$1,234.50"),
        (IRISH, "", "€1,234.50"),
        (AMERICAN, "", "$1,234.50"),
        (AMERICAN, "GBP", "£1,234.50"),
        (AMERICAN, "CAD", "CA$1,234.50"),
        (AUSTRALIAN, "AUD", "$1,234.50"),
        (AUSTRALIAN, "USD", "US$1,234.50"),
        (CANADIAN, "CAD", "$1,234.50"),
        (CANADIAN, "USD", "US$1,234.50"),
        (CANADIAN, "CHF", "CHF\N{NO-BREAK SPACE}1,234.50"),
        (Format("en_US", "EUR"), "USD", "US$1,234.50"),
    ],
)
def test_only_the_currency_at_home_goes_without_its_country(written: Format, currency: str, amount: str) -> None:
    assert written.money(123450, currency) == amount


def test_the_minus_stands_before_the_sign() -> None:
    assert (BRITISH.money(-5), AMERICAN.money(-123450, "GBP")) == (
        "\N{MINUS SIGN}£0.05",
        "\N{MINUS SIGN}£1,234.50",
    )


@pytest.mark.parametrize(("value", "price"), [("0.0000375", "$0.0000375"), ("9", "$9.00"), ("1250.5", "$1,250.50")])
def test_a_unit_price_keeps_its_places(value: str, price: str) -> None:
    assert AMERICAN.price(Decimal(value)) == price


def test_numbers_and_shares() -> None:
    numbers = [AMERICAN.number(value) for value in (0, -1234567, Decimal("1234.5"), Decimal("0.000125"))]
    assert numbers == ["0", "-1,234,567", "1,234.5", "0.000125"]
    assert AMERICAN.percent(Decimal("8.625")) == "8.625%"


@pytest.mark.parametrize(
    ("written", "day", "time"),
    [
        (BRITISH, "21 Nov 2026", "16:05"),
        (IRISH, "21 Nov 2026", "16:05"),
        (AMERICAN, "Nov 21, 2026", "4:05 PM"),
        (AUSTRALIAN, "21 Nov 2026", "4:05 pm"),
        (CANADIAN, "Nov 21, 2026", "4:05 p.m."),
    ],
)
def test_days_and_times(written: Format, day: str, time: str) -> None:
    assert written.day(date(2026, 11, 21)) == day
    said = written.moment(TEATIME, ZoneInfo("Europe/London"))
    assert said.replace("\N{NO-BREAK SPACE}", " ") == f"{day}, {time}"


def test_a_moment_is_told_in_the_zone_of_whoever_reads_it() -> None:
    sydney = ZoneInfo("Australia/Sydney")
    assert AUSTRALIAN.moment(TEATIME, sydney, seconds=True) == "22 Nov 2026, 3:05:09\N{NO-BREAK SPACE}am"


def test_how_long_ago() -> None:
    assert AMERICAN.span(TEATIME - timedelta(minutes=2), TEATIME) == "2 minutes ago"


def test_the_sign_in_front_of_a_field() -> None:
    assert [AMERICAN.sign(currency) for currency in ("", "CAD", "CHF")] == ["$", "CA$", "CHF"]
