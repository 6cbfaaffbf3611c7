"""The tax of a document, rate by rate."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.billing.conventions import conventions_of
from app.billing.tax import TaxCode, Treatment
from app.web.invoices.tax_summary import summary

STANDARD = TaxCode(code="S", name="", rate_percent=Decimal(20), treatment=Treatment.STANDARD)
REDUCED = TaxCode(code="R", name="", rate_percent=Decimal(5), treatment=Treatment.REDUCED)
ZERO = TaxCode(code="Z", name="", rate_percent=Decimal(0), treatment=Treatment.ZERO)
OUTSIDE = TaxCode(code="O", name="", rate_percent=Decimal(0), treatment=Treatment.OUTSIDE_SCOPE)
REVERSE = TaxCode(code="RC", name="", rate_percent=Decimal(20), treatment=Treatment.REVERSE_CHARGE)


def test_tax_is_computed_on_the_summed_net_of_a_rate() -> None:
    told = summary([(2, STANDARD), (2, STANDARD), (100, REDUCED)], conventions_of("GB"))
    assert told == [("VAT 20%", 4, 1), ("VAT 5%", 100, 5)]


def test_what_is_not_charged_is_named_by_its_reason() -> None:
    assert [one.label for one in summary([(1, REVERSE), (1, None)], conventions_of("IE"))] == [
        "Reverse charge: the client accounts for the VAT",
        "Without tax code",
    ]


@pytest.mark.parametrize(
    ("country", "labels"),
    [
        ("GB", {"VAT 20%", "Zero-rated", "Outside the scope of VAT"}),
        ("AU", {"GST 20%", "GST-free", "Outside the scope of GST"}),
        ("CA", {"Tax 20%", "Zero-rated", "Outside the scope of GST/HST"}),
        ("US", {"Sales tax 20%", "Zero-rated", "Outside the scope of sales tax"}),
        ("BR", {"Tax 20%", "Zero-rated", "Outside the scope of tax"}),
    ],
)
def test_the_tax_is_called_as_the_country_calls_it(country: str, labels: set[str]) -> None:
    told = summary([(100, code) for code in (STANDARD, ZERO, OUTSIDE)], conventions_of(country))
    assert {one.label for one in told} == labels
