"""What the country of a new billing entity sets to begin with; all of it can be changed in the settings."""

from __future__ import annotations

from app.billing.entities import EntityFields
from app.billing.models import TaxRegime

COUNTRIES = {
    "GB": ("United Kingdom", "GBP", TaxRegime.UK, "Europe/London"),
    "IE": ("Ireland", "EUR", TaxRegime.UK, "Europe/Dublin"),
    "US": ("United States", "USD", TaxRegime.US_AUTOMATED, "America/New_York"),
}


def first_entity(name: str, country: str) -> EntityFields:
    """The billing entity an organisation begins with."""
    _label, currency, regime, zone = COUNTRIES[country]
    return EntityFields(
        name=name, legal_name=name, country=country, home_currency=currency, tax_regime=regime, time_zone=zone
    )
