"""How amounts and days read in the sentences that are kept: on timelines, with differences, in mails."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from babel.dates import format_date

from app.billing.conventions import conventions_of
from app.foundation.money import to_pounds

_SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "AUD": "A$", "CAD": "CA$", "NZD": "NZ$"}
"""A sentence is read later, and perhaps elsewhere: of the dollars only the American go without their country."""
_REMEMBERED = 4096


def amount(pence: int, currency: str) -> str:
    """12345 in GBP reads "£123.45"; a currency without a well-known sign is named after the amount."""
    sign = "-" if pence < 0 else ""
    number = f"{abs(to_pounds(pence)):,.2f}"
    symbol = _SYMBOLS.get(currency)
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{number} {currency}"


def day(moment: date, country: str = "") -> str:
    """A day as people of this country write it: "March 2, 2026"; where nobody knows the country, "2 March 2026"."""
    return _day(moment.year, moment.month, moment.day, conventions_of(country).locale)


@lru_cache(_REMEMBERED)
def _day(year: int, month: int, monthday: int, locale: str) -> str:
    return format_date(date(year, month, monthday), "long", locale=locale)
