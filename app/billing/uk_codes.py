"""The tax codes of the United Kingdom and the usual payment terms, for a firm that begins."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import select

from app.billing.tax import TaxCode, Treatment
from app.billing.terms import PaymentTerm
from app.foundation.database import db

_CODES = (
    ("20.0% S", "Standard rate, 20%", "20", Treatment.STANDARD),
    ("5.0% R", "Reduced rate, 5%", "5", Treatment.REDUCED),
    ("0.0% Z", "Zero-rated", "0", Treatment.ZERO),
    ("Exempt", "Exempt from VAT", "0", Treatment.EXEMPT),
    ("No VAT", "Outside the scope of VAT", "0", Treatment.OUTSIDE_SCOPE),
    ("20.0% RC SG", "Reverse charge, 20%: the client accounts for the VAT", "20", Treatment.REVERSE_CHARGE),
)
_TERMS = (("Due on receipt", 0), ("Net 14", 14), ("Net 30", 30), ("Net 60", 60))

STANDARD = "20.0% S"
ZERO = "0.0% Z"


def lay_out_uk_codes() -> dict[str, TaxCode]:
    """Make what is missing of the usual tax codes; returns all codes of the organisation by their code."""
    return lay_out_codes(_CODES)


def lay_out_codes(rows: Iterable[tuple[str, str, str, Treatment]]) -> dict[str, TaxCode]:
    """Make what is missing of these, given as (code, name, percent, treatment); returns all by their code."""
    known = {code.code: code for code in db.session.scalars(select(TaxCode))}
    for code, name, rate, treatment in rows:
        if code not in known:
            known[code] = TaxCode(code=code, name=name, rate_percent=Decimal(rate), treatment=treatment)
            db.session.add(known[code])
    db.session.flush()
    return known


def lay_out_terms() -> dict[str, PaymentTerm]:
    """Make what is missing of the usual payment terms; returns all terms of the organisation by name."""
    known = {term.name: term for term in db.session.scalars(select(PaymentTerm))}
    for name, days in _TERMS:
        if name not in known:
            known[name] = PaymentTerm(name=name, due_days=days)
            db.session.add(known[name])
    db.session.flush()
    return known
