"""The tax of a document, rate by rate."""

from __future__ import annotations

from decimal import Decimal

from app.billing.tax import TaxCode, Treatment
from app.web.invoices.tax_summary import summary

STANDARD = TaxCode(code="S", name="", rate_percent=Decimal(20), treatment=Treatment.STANDARD)
REDUCED = TaxCode(code="R", name="", rate_percent=Decimal(5), treatment=Treatment.REDUCED)
REVERSE = TaxCode(code="RC", name="", rate_percent=Decimal(20), treatment=Treatment.REVERSE_CHARGE)


def test_tax_is_computed_on_the_summed_net_of_a_rate() -> None:
    assert summary([(2, STANDARD), (2, STANDARD), (100, REDUCED)]) == [("VAT 20%", 4, 1), ("VAT 5%", 100, 5)]


def test_what_is_not_charged_is_named_by_its_reason() -> None:
    assert [one.label for one in summary([(1, REVERSE), (1, None)])] == [
        "Reverse charge: the client accounts for the VAT",
        "Without tax code",
    ]
