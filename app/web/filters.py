"""Money, dates, moments and shares, as a British bookkeeper writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent
from flask import Flask
from flask_babel import Babel  # type: ignore[import-untyped]  # it carries no types
from markupsafe import Markup, escape

from app.foundation import clock
from app.foundation.money import to_pounds
from app.web.browsers import browser_name
from app.web.session import me_or_none

_LOCALE = "en_GB"
NOTHING = "\N{EN DASH}"
_MINUS = "\N{MINUS SIGN}"
_UNIT_PRICE_PLACES = "#,##0.00#####"
"""At least two places, at most the seven that a unit price may have."""


def init_app(app: Flask) -> None:
    """Give every template these filters."""
    Babel(app)
    app.jinja_env.filters.update(
        money=money,
        price=price,
        number=number,
        percent=percent,
        day=day,
        moment=moment,
        ago=ago,
        stamp=stamp,
        clock=time_of_day,
        browser=browser_name,
    )


def money(pence: int | None, currency: str = "GBP") -> str:
    """Pence as "£1,234.50"; nothing as an en dash."""
    return (
        NOTHING if pence is None else format_currency(to_pounds(pence), currency, locale=_LOCALE).replace("-", _MINUS)
    )


def price(value: Decimal | None, currency: str = "GBP") -> str:
    """A unit price with as many of its up to seven places as it uses."""
    if value is None:
        return NOTHING
    return format_currency(value, currency, "¤" + _UNIT_PRICE_PLACES, locale=_LOCALE, currency_digits=False)


def number(value: Decimal | int | None) -> str:
    """1234.5 as "1,234.5"."""
    return NOTHING if value is None else format_decimal(value, locale=_LOCALE, decimal_quantization=False)


def percent(value: Decimal | None) -> str:
    """The number of percent, as 17.5, as "17.5 %"."""
    return NOTHING if value is None else format_percent(value / 100, "#,##0.####%", locale=_LOCALE)


def day(value: date | None) -> str:
    """A date as "3 Dec 2025"."""
    return NOTHING if value is None else format_date(value, "d MMM y", locale=_LOCALE)


def stamp(value: datetime | None) -> str:
    """A moment with its time, in the organisation's zone: "3 Dec 2025, 14:03:20"."""
    return NOTHING if value is None else format_datetime(value, "d MMM y, HH:mm:ss", tzinfo=_zone(), locale=_LOCALE)


def time_of_day(value: datetime | None) -> str:
    """A moment of these hours, to the second: "14:03:20"."""
    return NOTHING if value is None else format_datetime(value, "HH:mm:ss", tzinfo=_zone(), locale=_LOCALE)


def ago(value: datetime | None) -> Markup:
    """How long ago, with the exact moment beside it for whoever points at it or listens: "2 minutes ago"."""
    if value is None:
        return Markup("never")
    words = format_timedelta(value - clock.now(), add_direction=True, locale=_LOCALE)
    return _time(value, words)


def moment(value: datetime | None) -> Markup:
    """A moment as a `<time>` element: "3 Dec 2025, 14:03"."""
    if value is None:
        return escape(NOTHING)
    return _time(value, format_datetime(value, "d MMM y, HH:mm", tzinfo=_zone(), locale=_LOCALE))


def _time(value: datetime, words: str) -> Markup:
    return Markup('<time datetime="{}" title="{}">{}</time>').format(value.isoformat(), stamp(value), words)


def _zone() -> ZoneInfo:
    user = me_or_none()
    return ZoneInfo(user.organisation.time_zone if user else "Europe/London")
