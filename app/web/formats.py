"""Money, numbers, dates and moments as one country writes them: pure, and quick, for a list shows hundreds of them.

Patterns are Babel's. What repeats from row to row, days and amounts, is remembered as written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from string import ascii_uppercase
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol

from app.foundation.money import to_pounds

NOTHING = "\N{EN DASH}"
"""What is missing, in all of them."""
_MINUS = "\N{MINUS SIGN}"
_WORLD = "en_001"
"""English of no country: its signs tell US$ from A$."""
_UNIT_PRICE_PLACES = "#,##0.00#####"
"""At least two places, at most the seven that a unit price may have."""
_REMEMBERED = 8192


@dataclass(frozen=True, slots=True)
class Format:
    """How a billing entity writes: the locale of its country, and the currency whose sign needs no country."""

    locale: str
    home: str
    """ISO 4217 code of its home currency."""

    def money(self, pence: int | None, currency: str = "") -> str:
        """Pence as "£1,234.50", or as "US$1,234.50" where dollars are not at home; without currency the home one."""
        return NOTHING if pence is None else _money(self, pence, currency or self.home)

    def price(self, value: Decimal | None, currency: str = "") -> str:
        """A unit price with as many of its up to seven places as it uses."""
        if value is None:
            return NOTHING
        return _sign(self, currency or self.home) + format_decimal(value, _UNIT_PRICE_PLACES, locale=self.locale)

    def number(self, value: Decimal | int | None) -> str:
        """1234.5 as "1,234.5"."""
        if value is None:
            return NOTHING
        if isinstance(value, int):
            return f"{value:,}"  # as Babel writes the counts of every page, at a fiftieth of the time
        return format_decimal(value, locale=self.locale, decimal_quantization=False)

    def percent(self, value: Decimal | None) -> str:
        """The number of percent, as 17.5, as "17.5%"."""
        return NOTHING if value is None else format_percent(value / 100, "#,##0.####%", locale=self.locale)

    def day(self, value: date | None) -> str:
        """A date as "3 Dec 2025", or "Dec 3, 2025"."""
        return NOTHING if value is None else _day(self.locale, value.year, value.month, value.day)

    def time(self, value: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
        """A time of day as "14:03", or "2:03 PM"."""
        local = value.astimezone(zone)
        return _time(self.locale, local.hour, local.minute, local.second if seconds else None)

    def moment(self, value: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
        """A moment as "3 Dec 2025, 14:03"."""
        local = value.astimezone(zone)
        return f"{self.day(local)}, {self.time(local, zone, seconds=seconds)}"

    def span(self, since: datetime, now: datetime) -> str:
        """How long ago: "2 minutes ago"."""
        return format_timedelta(since - now, add_direction=True, locale=self.locale)

    def sign(self, currency: str = "") -> str:
        """What stands in front of an amount: "£", "US$", "CHF"; without currency that of the home currency."""
        return _sign(self, currency or self.home).rstrip("\N{NO-BREAK SPACE}")


@lru_cache(_REMEMBERED)
def _money(written: Format, pence: int, currency: str) -> str:
    # Babel knows how many places a currency has; the amount goes in without its sign, for that is ours.
    amount = format_currency(abs(to_pounds(pence)), currency, "#,##0.00", locale=written.locale)
    return f"{_MINUS if pence < 0 else ''}{_sign(written, currency)}{amount}"


@cache
def _sign(written: Format, currency: str) -> str:
    sign = get_currency_symbol(currency, _WORLD)
    if currency == written.home:
        sign = sign.lstrip(ascii_uppercase) or sign
    return f"{sign}\N{NO-BREAK SPACE}" if sign[-1].isalpha() else sign


@lru_cache(_REMEMBERED)
def _day(locale: str, year: int, month: int, day: int) -> str:
    return format_date(date(year, month, day), "medium", locale=locale)


@lru_cache(_REMEMBERED)
def _time(locale: str, hour: int, minute: int, second: int | None) -> str:
    said = format_time(time(hour, minute, second or 0), "short" if second is None else "medium", locale=locale)
    return said.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")
