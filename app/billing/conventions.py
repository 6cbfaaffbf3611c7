"""How a country writes: what its tax is called, the number a firm is registered under for it, dates, amounts, paper.

One row for each country, looked up by the country of a billing entity or of a client. Whoever charges tax there, and
with which codes, is not said here (see `usual_codes` and the countries of the first start).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.billing.entity import BillingEntity, TaxRegime


class DayOrder(StrEnum):
    """How 03/04/2026 is read in a file."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    EITHER = "either"
    """Both are in use: what could be one as well as the other is refused, for nobody may guess."""


class Sheet(StrEnum):
    """The size of paper."""

    A4 = "A4"
    LETTER = "Letter"


@dataclass(frozen=True, slots=True)
class Conventions:
    """What people of one country read and write."""

    tax: str = "VAT"
    """The tax on sales inside a sentence."""
    charged: str = "VAT"
    """What stands on paper in front of a rate: "VAT 20%"."""
    tax_number: str = "VAT number"
    """The label of the number that names a firm to those who collect the tax."""
    zero_rated: str = "Zero-rated"
    locale: str = "en_IE"
    """Of dates and numbers, always an English one that writes 1,234.50, for so our forms and files read numbers."""
    day_order: DayOrder = DayOrder.DAY_FIRST
    city: str = "Town or city"
    region: str = "State or region"
    """What lies between town and country."""
    before_region: str = "\n"
    """What stands between a town and its region."""
    town: str = "{city}\n{postcode}"
    """The lines of an address that name town, with its region behind it, and postcode."""
    postcode: str = "postcode"
    cheque: str = "cheque"
    debtors: str = "Aged debtors"
    """The page of who owes how much since when."""
    invoice: str = "Invoice"
    """The title of an invoice on paper."""
    sheet: Sheet = Sheet.A4


_EUROPEAN = Conventions()
_UNKNOWN = Conventions(tax="tax", charged="Tax", tax_number="Tax number", day_order=DayOrder.EITHER)
"""Of a country that has no row: words that are wrong nowhere."""
_COUNTIES = replace(_EUROPEAN, region="County")
_GST = Conventions(tax="GST", charged="GST", tax_number="GST number", before_region=", ", town="{city} {postcode}")

_OF_COUNTRIES = {
    **dict.fromkeys(("GB", "IM"), replace(_COUNTIES, locale="en_GB")),
    "US": Conventions(
        tax="sales tax",
        charged="Sales tax",
        tax_number="Tax ID",
        locale="en_US",
        day_order=DayOrder.MONTH_FIRST,
        city="City",
        region="State",
        before_region=", ",
        town="{city} {postcode}",
        postcode="ZIP code",
        cheque="check",
        debtors="A/R aging",
        sheet=Sheet.LETTER,
    ),
    "AU": replace(
        _GST, tax_number="ABN", zero_rated="GST-free", locale="en_AU", region="State", invoice="Tax invoice"
    ),  # the Tax Office asks that the paper be meant to be one, and prints the Australian business number
    "NZ": replace(_GST, locale="en_NZ"),
    "CA": Conventions(
        tax="GST/HST",
        charged="Tax",  # one code may hold GST, HST, a province's own tax, or two of them
        tax_number="GST/HST number",
        locale="en_CA",
        day_order=DayOrder.EITHER,
        city="City",
        region="Province",
        before_region=", ",
        town="{city} {postcode}",
        postcode="postal code",
        sheet=Sheet.LETTER,
    ),
    "IE": _COUNTIES,
    **dict.fromkeys(("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU"), _EUROPEAN),
    **dict.fromkeys(("IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"), _EUROPEAN),
    **dict.fromkeys(("CH", "LI", "NO", "ZA"), _EUROPEAN),
}
COUNTRIES = tuple(_OF_COUNTRIES)
"""Those that have a row."""


def conventions_of(country: str) -> Conventions:
    """How this country writes, by its ISO 3166 code of two letters; "" and others get words that fit anywhere."""
    return _OF_COUNTRIES.get(country, _UNKNOWN)


def title_of_invoice(entity: BillingEntity) -> str:
    """How the entity's invoices are headed on paper; one that charges no tax has no tax invoices."""
    return "Invoice" if entity.tax_regime is TaxRegime.NONE else conventions_of(entity.country).invoice
