"""What a company's way of taxing means, and where both sides tax differently."""

from __future__ import annotations

import pytest

from app.billing.entity import TaxRegime
from app.foundation.clock import now
from app.quickbooks.models import Connection, SalesTax
from app.sync.judging import taxation


@pytest.mark.parametrize("theirs", [SalesTax.UK, SalesTax.US_AST, SalesTax.NONE])
def test_a_regime_like_ours_is_no_trouble(theirs: SalesTax) -> None:
    assert taxation.trouble("Bay IT", taxation.REGIMES[theirs].ours, theirs) == ""


def test_another_regime_than_ours_is_told(subtests: pytest.Subtests) -> None:
    for theirs, regime in taxation.REGIMES.items():
        for ours in set(TaxRegime) - {regime.ours}:
            with subtests.test(theirs=theirs, ours=ours):
                assert regime.word in taxation.trouble("Bay IT", ours, theirs)


def test_sales_tax_by_hand_is_trouble_of_its_own() -> None:
    told = taxation.trouble("Bay IT", TaxRegime.US_AUTOMATED, SalesTax.US_MANUAL)
    assert told == "QuickBooks adds no sales tax to what is sent from here."


@pytest.mark.parametrize(
    ("country", "sales_tax", "seen", "names"),
    [("GB", SalesTax.UK, True, True), ("IE", SalesTax.UK, True, True), ("US", SalesTax.US_AST, True, False),
     ("GB", SalesTax.NONE, True, False), ("GB", SalesTax.NONE, False, True)],
)  # fmt: skip
def test_a_line_names_a_code_where_the_company_has_any(
    country: str, sales_tax: SalesTax, *, seen: bool, names: bool
) -> None:
    company = Connection(country=country, sales_tax=sales_tax, company_seen_at=now() if seen else None)
    assert taxation.names_codes(company) is names
