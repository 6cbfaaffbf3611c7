"""The two tax codes of the United States: who computes the sales tax only wants to know whether a line is taxed."""

from __future__ import annotations

from app.billing.tax import TaxCode, Treatment
from app.billing.uk_codes import lay_out_codes

_CODES = (
    ("TAX", "Taxable: the sales tax is computed where the books are kept", "0", Treatment.STANDARD),
    ("NON", "Not taxable", "0", Treatment.EXEMPT),
)


def lay_out_us_codes() -> dict[str, TaxCode]:
    """Make what is missing of the two; returns all codes of the organisation by their code."""
    return lay_out_codes(_CODES)
