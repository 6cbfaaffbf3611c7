"""What the country of a new billing entity sets to begin with; all of it can be changed in the settings.

Where QuickBooks names a tax code on each line (the reference, 4.1: United Kingdom, Canada, Australia and others), so do
we. Rates are laid out for the countries whose codes are known here; of the others none are made up.
"""

from __future__ import annotations

from typing import NamedTuple

from app.billing.entities import EntityFields
from app.billing.models import TaxRegime
from app.web.choices import NAMES_OF_COUNTRIES

ELSEWHERE = "other"
"""Chosen where the list has no better answer: then the billing entity is set up on a page of its own."""


class Beginning(NamedTuple):
    """The currency of a country, the time zone of its capital or of its greatest city, and who computes its tax."""

    currency: str
    zone: str
    regime: TaxRegime = TaxRegime.UK


_BEGINNINGS = {
    "GB": Beginning("GBP", "Europe/London"),
    "AU": Beginning("AUD", "Australia/Sydney"),
    "AT": Beginning("EUR", "Europe/Vienna"),
    "BE": Beginning("EUR", "Europe/Brussels"),
    "BG": Beginning("EUR", "Europe/Sofia"),
    "CA": Beginning("CAD", "America/Toronto"),
    "HR": Beginning("EUR", "Europe/Zagreb"),
    "CY": Beginning("EUR", "Asia/Nicosia"),
    "CZ": Beginning("CZK", "Europe/Prague"),
    "DK": Beginning("DKK", "Europe/Copenhagen"),
    "EE": Beginning("EUR", "Europe/Tallinn"),
    "FI": Beginning("EUR", "Europe/Helsinki"),
    "FR": Beginning("EUR", "Europe/Paris"),
    "DE": Beginning("EUR", "Europe/Berlin"),
    "GR": Beginning("EUR", "Europe/Athens"),
    "HU": Beginning("HUF", "Europe/Budapest"),
    "IE": Beginning("EUR", "Europe/Dublin"),
    "IT": Beginning("EUR", "Europe/Rome"),
    "LV": Beginning("EUR", "Europe/Riga"),
    "LT": Beginning("EUR", "Europe/Vilnius"),
    "LU": Beginning("EUR", "Europe/Luxembourg"),
    "MT": Beginning("EUR", "Europe/Malta"),
    "NL": Beginning("EUR", "Europe/Amsterdam"),
    "PL": Beginning("PLN", "Europe/Warsaw"),
    "PT": Beginning("EUR", "Europe/Lisbon"),
    "RO": Beginning("RON", "Europe/Bucharest"),
    "SK": Beginning("EUR", "Europe/Bratislava"),
    "SI": Beginning("EUR", "Europe/Ljubljana"),
    "ES": Beginning("EUR", "Europe/Madrid"),
    "SE": Beginning("SEK", "Europe/Stockholm"),
    "US": Beginning("USD", "America/New_York", TaxRegime.US_AUTOMATED),
}
COUNTRIES = [*((code, NAMES_OF_COUNTRIES[code]) for code in _BEGINNINGS), (ELSEWHERE, "Another country")]


def first_entity(name: str, country: str) -> EntityFields | None:
    """The billing entity an organisation begins with; None where somebody has to say more than the country."""
    begun = _BEGINNINGS.get(country)
    if begun is None:
        return None
    return EntityFields(
        name=name,
        legal_name=name,
        country=country,
        home_currency=begun.currency,
        tax_regime=begun.regime,
        time_zone=begun.zone,
    )
