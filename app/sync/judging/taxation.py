"""How a company taxes its sales, what that means here, and where the billing entity is set up otherwise. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.billing.entity import TaxRegime
from app.quickbooks.models import Connection, SalesTax


@dataclass(frozen=True)
class Regime:
    """A company's way of taxing in words, and which of ours goes with it."""

    word: str
    ours: TaxRegime
    meaning: tuple[str, ...]


_BY_CODE = Regime(
    "A tax code on each line",
    TaxRegime.UK,
    (
        "Each line of a document names a tax code, which is sent as the one it is mapped to.",
        "QuickBooks computes the tax by it: for each rate on the sum of its lines, halves rounded up. So do we.",
        "Both totals must be exactly the same; a rounding is shown on the document, anything more as a difference.",
    ),
)
_AUTOMATED = Regime(
    "Automated sales tax",
    TaxRegime.US_AUTOMATED,
    (
        "QuickBooks computes the sales tax, by the client's address and exemption there. No tax codes are mapped.",
        "A line's own tax code says only whether it is taxable; what is exempt stays exempt.",
        "An invoice is sent as soon as it is opened; its page waits for the tax.",
        "The tax is taken over line by line, and can't be edited here.",
        "Where it is not what we reckoned, the page says so.",
    ),
)
_BY_HAND = Regime(
    "Sales tax by hand (United States)",
    TaxRegime.US_AUTOMATED,
    (
        "QuickBooks adds a tax only to documents that name one of its rates.",
        "Counterfoil sends each line as taxable or not, and names no rate: documents get no sales tax there.",
        "Turn on automated sales tax in QuickBooks, under Taxes, and test the connection here again.",
    ),
)
_NO_TAX = Regime(
    "No sales tax",
    TaxRegime.NONE,
    (
        "Sales tax is turned off in this company: QuickBooks adds none, whatever a line says.",
        "Lines are sent without tax codes, and none need be mapped.",
    ),
)
REGIMES: Mapping[SalesTax, Regime] = {
    SalesTax.UK: _BY_CODE,
    SalesTax.US_AST: _AUTOMATED,
    SalesTax.US_MANUAL: _BY_HAND,
    SalesTax.NONE: _NO_TAX,
}
OURS: Mapping[TaxRegime, str] = {
    TaxRegime.UK: "computes the tax by a tax code on each line",
    TaxRegime.US_AUTOMATED: "leaves the sales tax to QuickBooks",
    TaxRegime.NONE: "charges no tax",
}


def trouble(name: str, ours: TaxRegime, theirs: SalesTax) -> str:
    """Why totals of both sides would differ, or tax be missing; empty where both tax alike."""
    regime = REGIMES[theirs]
    if ours is not regime.ours:
        return (
            f"{name} {OURS[ours]}, but the company in QuickBooks is set to “{regime.word}”: totals of both sides would"
            " differ. Change the tax regime of the billing entity, or the company."
        )
    return "QuickBooks adds no sales tax to what is sent from here." if theirs is SalesTax.US_MANUAL else ""


def names_codes(connection: Connection) -> bool:
    """Whether each line sent to this company names one of its tax codes (reference 4.1, 4.4).

    Not in the United States, where a line says TAX or NON; nor where sales tax is off, for then QuickBooks keeps none
    (4.1). Of a company nobody has looked at yet, it is not known to be off.
    """
    if connection.country == "US":
        return False
    return connection.sales_tax is not SalesTax.NONE or connection.company_seen_at is None


def asks_whether_taxed(connection: Connection) -> bool:
    """Whether a line sent to this company must say TAX or NON; what it did not say, nobody would have decided."""
    return connection.country == "US" and connection.sales_tax is not SalesTax.NONE
