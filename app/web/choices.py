"""What selects offer that no table of ours holds: countries, currencies, time zones; and fields for numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from wtforms import StringField

from app.billing.importing import cells

_BRITISH = Locale("en", "GB")
_OFFERED = (
    *("GBP", "EUR", "USD", "AUD", "CAD", "CHF", "CZK", "DKK", "HUF", "JPY", "NOK", "NZD", "PLN", "RON", "SEK"),
    *("SGD", "ZAR"),
)
_NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
"""Unions, the seas around islands, and what Unicode keeps for trials and for the unknown."""

NAMES_OF_COUNTRIES = {
    code: name
    for code, name in _BRITISH.territories.items()
    if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
}
"""By their ISO 3166 codes of two letters."""
CURRENCIES = [(code, f"{code}: {_BRITISH.currencies[code]}") for code in _OFFERED]
TIME_ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/")))


def countries(first: str) -> list[tuple[str, str]]:
    """(code, name) of every country by name, `first` in front of them all."""
    return sorted(NAMES_OF_COUNTRIES.items(), key=lambda country: (country[0] != first, country[1]))


class NumberField(StringField):  # type: ignore[misc]  # WTForms carries no types
    """A decimal number as people type it, "1,234.50" or "$0.0375"; what can't be read stays in the field."""

    data: Decimal | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else format(self.data, "f")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Text to Decimal. Raises ValueError with a sentence."""
        try:
            self.data = cells.number(valuelist[0]) if valuelist else None
        except ValueError as problem:
            self.data = None
            raise ValueError(f"{str(problem)[0].upper()}{str(problem)[1:]}.") from problem
