"""The tax codes with which a firm begins, country by country: what its law calls its rates, and what bears no tax.

Named as the books of such a country usually name them, so that most are found there by name. What a province or state
adds in a tax of its own (PST, QST), a person enters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from app.billing.entity import TaxRegime
from app.billing.tax import Treatment


class UsualCode(NamedTuple):
    """A tax code to be; `percent` is the rate of the law."""

    code: str
    name: str
    percent: str
    treatment: Treatment


UNITED_KINGDOM = (
    UsualCode("20.0% S", "Standard rate, 20%", "20", Treatment.STANDARD),
    UsualCode("5.0% R", "Reduced rate, 5%", "5", Treatment.REDUCED),
    UsualCode("0.0% Z", "Zero-rated", "0", Treatment.ZERO),
    UsualCode("Exempt", "Exempt from VAT", "0", Treatment.EXEMPT),
    UsualCode("No VAT", "Outside the scope of VAT", "0", Treatment.OUTSIDE_SCOPE),
    UsualCode("20.0% RC SG", "Reverse charge, 20%: the client accounts for the VAT", "20", Treatment.REVERSE_CHARGE),
)
_IRELAND = (
    UsualCode("23.0% S", "Standard rate, 23%", "23", Treatment.STANDARD),
    UsualCode("13.5% R", "Reduced rate, 13.5%", "13.5", Treatment.REDUCED),
    UsualCode("9.0% R", "Second reduced rate, 9%", "9", Treatment.REDUCED),
    UsualCode("0.0% Z", "Zero-rated", "0", Treatment.ZERO),
    UsualCode("Exempt", "Exempt from VAT", "0", Treatment.EXEMPT),
)
_AUSTRALIA = (
    UsualCode("GST", "GST, 10%", "10", Treatment.STANDARD),
    UsualCode("GST free", "GST-free", "0", Treatment.ZERO),
    UsualCode("Input tax", "Input taxed", "0", Treatment.EXEMPT),
    UsualCode("Out of Scope", "Outside the scope of GST", "0", Treatment.OUTSIDE_SCOPE),
)
_NEW_ZEALAND = (
    UsualCode("GST", "GST, 15%", "15", Treatment.STANDARD),
    UsualCode("Zero-rated", "Zero-rated", "0", Treatment.ZERO),
    UsualCode("Exempt", "Exempt from GST", "0", Treatment.EXEMPT),
    UsualCode("Out of Scope", "Outside the scope of GST", "0", Treatment.OUTSIDE_SCOPE),
)
_CANADA = (
    UsualCode("GST", "GST, 5%", "5", Treatment.STANDARD),
    UsualCode("HST ON", "HST, Ontario, 13%", "13", Treatment.STANDARD),
    UsualCode("HST NS", "HST, Nova Scotia, 14%", "14", Treatment.STANDARD),
    UsualCode("HST NB 2016", "HST, New Brunswick, 15%", "15", Treatment.STANDARD),
    UsualCode("HST NL 2016", "HST, Newfoundland and Labrador, 15%", "15", Treatment.STANDARD),
    UsualCode("HST PE 2016", "HST, Prince Edward Island, 15%", "15", Treatment.STANDARD),
    UsualCode("Zero-rated", "Zero-rated", "0", Treatment.ZERO),
    UsualCode("Exempt", "Exempt from GST and HST", "0", Treatment.EXEMPT),
    UsualCode("Out of Scope", "Outside the scope of GST and HST", "0", Treatment.OUTSIDE_SCOPE),
)
_BY_COUNTRY: Mapping[str, tuple[UsualCode, ...]] = {
    "GB": UNITED_KINGDOM,
    "IE": _IRELAND,
    "AU": _AUSTRALIA,
    "NZ": _NEW_ZEALAND,
    "CA": _CANADA,
}
TAXED_OR_NOT = (
    UsualCode("TAX", "Taxable: the sales tax is computed where the books are kept", "0", Treatment.STANDARD),
    UsualCode("NON", "Not taxable", "0", Treatment.EXEMPT),
)
"""All that whoever computes the sales tax of the United States wants to know of a line."""


def usual_codes(regime: TaxRegime, country: str) -> tuple[UsualCode, ...]:
    """Those of a regime in a country; none where nobody charges tax, or the country's rates are not known here."""
    if regime is TaxRegime.US_AUTOMATED:
        return TAXED_OR_NOT
    return _BY_COUNTRY.get(country, ()) if regime is TaxRegime.UK else ()
