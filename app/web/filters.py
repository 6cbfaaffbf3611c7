"""Money, dates, moments and shares in templates, as whoever the page speaks for writes them (see `voice`)."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import Babel  # type: ignore[import-untyped]  # it carries no types
from markupsafe import Markup, escape

from app.foundation import clock
from app.web.browsers import browser_name
from app.web.choices import NAMES_OF_COUNTRIES
from app.web.formats import NOTHING
from app.web.session import me_or_none
from app.web.voice import voice

_WITHIN = re.compile(r"(?<=[a-z])([A-Z])")


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
        country=country,
        record=record,
        sentence=sentence,
    )


def money(pence: int | None, currency: str = "") -> str:
    """Pence as "£1,234.50"; nothing as an en dash. Without currency it is that of the billing entity spoken for."""
    return voice().format.money(pence, currency)


def price(value: Decimal | None, currency: str = "") -> str:
    """A unit price with as many of its up to seven places as it uses."""
    return voice().format.price(value, currency)


def number(value: Decimal | int | None) -> str:
    """1234.5 as "1,234.5"."""
    return voice().format.number(value)


def percent(value: Decimal | None) -> str:
    """The number of percent, as 17.5, as "17.5%"."""
    return voice().format.percent(value)


def country(code: str) -> str:
    """The name behind an ISO 3166 code of two letters; a code that is none of these as it is."""
    name: str = NAMES_OF_COUNTRIES.get(code, code)
    return name


def record(entity: str) -> str:
    """What Intuit calls a kind of record, in words: "CreditMemo" as "Credit memo"."""
    return _WITHIN.sub(r" \1", entity).capitalize()


def sentence(words: str) -> str:
    """A reason as it was noted, with a capital and a full stop."""
    return f"{words[:1].upper()}{words[1:]}" + ("" if words.endswith((".", "!", "?")) else ".")


def day(value: date | None) -> str:
    """A date as "3 Dec 2025"."""
    return voice().format.day(value)


def stamp(value: datetime | None) -> str:
    """A moment with its time, in the organisation's zone: "3 Dec 2025, 14:03:20"."""
    return NOTHING if value is None else voice().format.moment(value, _zone(), seconds=True)


def time_of_day(value: datetime | None) -> str:
    """A moment of these hours, to the second: "14:03:20"."""
    return NOTHING if value is None else voice().format.time(value, _zone(), seconds=True)


def ago(value: datetime | None) -> Markup:
    """How long ago, with the exact moment beside it for whoever points at it or listens: "2 minutes ago"."""
    if value is None:
        return Markup("never")
    return _time(value, voice().format.span(value, clock.now()))


def moment(value: datetime | None) -> Markup:
    """A moment as a `<time>` element: "3 Dec 2025, 14:03"."""
    if value is None:
        return escape(NOTHING)
    return _time(value, voice().format.moment(value, _zone()))


def _time(value: datetime, words: str) -> Markup:
    return Markup('<time datetime="{}" title="{}">{}</time>').format(value.isoformat(), stamp(value), words)


def _zone() -> ZoneInfo:
    user = me_or_none()
    return ZoneInfo(user.organisation.time_zone if user else "Europe/London")
