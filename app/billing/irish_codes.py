"""The tax codes of Ireland, for a firm that begins: the rates of its VAT, and what bears none."""

from __future__ import annotations

from app.billing.tax import TaxCode, Treatment
from app.billing.uk_codes import lay_out_codes

_CODES = (
    ("23.0% S", "Standard rate, 23%", "23", Treatment.STANDARD),
    ("13.5% R", "Reduced rate, 13.5%", "13.5", Treatment.REDUCED),
    ("9.0% R", "Second reduced rate, 9%", "9", Treatment.REDUCED),
    ("0.0% Z", "Zero-rated", "0", Treatment.ZERO),
    ("Exempt", "Exempt from VAT", "0", Treatment.EXEMPT),
)


def lay_out_irish_codes() -> dict[str, TaxCode]:
    """Make what is missing of them; returns all codes of the organisation by their code."""
    return lay_out_codes(_CODES)
