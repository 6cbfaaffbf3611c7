"""How amounts and days read in the sentences billing writes."""

from __future__ import annotations

from datetime import date

from app.foundation.money import to_pounds

_SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}


def amount(pence: int, currency: str) -> str:
    """12345 in GBP reads "£123.45"; a currency without a well-known sign is named after the amount."""
    sign = "-" if pence < 0 else ""
    number = f"{abs(to_pounds(pence)):,.2f}"
    symbol = _SYMBOLS.get(currency)
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{number} {currency}"


def day(moment: date) -> str:
    """A day as people in Britain write it: "2 March 2026"."""
    return f"{moment.day} {moment:%B %Y}"
