"""What filters add to how a country writes: nothing, how long ago, and by which browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask

from app.foundation import clock
from app.web import filters
from app.web.browsers import browser_name
from app.web.formats import NOTHING


def test_what_is_missing_is_a_dash() -> None:
    told = [write(None) for write in (filters.money, filters.price, filters.number, filters.percent, filters.day)]
    assert told == [NOTHING] * 5


def test_a_moment_says_when_exactly(app: Flask) -> None:
    with app.test_request_context():
        told = filters.ago(clock.now() - timedelta(minutes=2))
        summer = filters.stamp(datetime(2026, 7, 1, 12, tzinfo=UTC))
    assert "2 minutes ago" in told
    assert 'datetime="' in told
    assert summer == "1 Jul 2026, 13:00:00"


def test_a_country_by_name_and_a_code_that_nobody_knows_as_it_is() -> None:
    assert [filters.country("GB"), filters.country("US"), filters.country("XQ")] == [
        *("United Kingdom", "United States"),
        "XQ",
    ]


def test_what_intuit_calls_its_records_is_told_in_words() -> None:
    assert [filters.record(name) for name in ("Invoice", "CreditMemo", "TaxCode")] == [
        "Invoice",
        "Credit memo",
        "Tax code",
    ]


def test_a_reason_becomes_a_sentence() -> None:
    told = [filters.sentence(words) for words in ("there is no tax code '17.5% S'", "Line 1: choose a tax code.")]
    assert told == ["There is no tax code '17.5% S'.", "Line 1: choose a tax code."]


def test_a_browser_by_name() -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    assert (browser_name(firefox), browser_name("curl/8.0"), browser_name("")) == (
        "Firefox on Linux",
        "curl",
        "Unknown browser",
    )
