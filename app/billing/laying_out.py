"""Tax codes and payment terms laid out for a firm that begins: what is missing of them is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from sqlalchemy import select

from app.billing.tax import TaxCode
from app.billing.terms import PaymentTerm
from app.billing.usual_codes import UNITED_KINGDOM, UsualCode
from app.foundation.database import db

_TERMS = (("Due on receipt", 0), ("Net 14", 14), ("Net 30", 30), ("Net 60", 60))

STANDARD = "20.0% S"
ZERO = "0.0% Z"


def lay_out_uk_codes() -> dict[str, TaxCode]:
    """Make what is missing of the usual tax codes; returns all codes of the organisation by their code."""
    return lay_out_codes(UNITED_KINGDOM)


def lay_out_codes(rows: Iterable[UsualCode]) -> dict[str, TaxCode]:
    """Make what is missing of these; returns all codes of the organisation by their code."""
    known = {code.code: code for code in db.session.scalars(select(TaxCode))}
    for row in rows:
        percent = Decimal(row.percent)
        name = _free(row, percent, known)
        if name not in known:
            known[name] = TaxCode(code=name, name=row.name, rate_percent=percent, treatment=row.treatment)
            db.session.add(known[name])
    db.session.flush()
    return known


def _free(row: UsualCode, percent: Decimal, known: Mapping[str, TaxCode]) -> str:
    """What it is called here: two countries may have one name for two rates, and no line may take the wrong one."""
    held = known.get(row.code)
    return row.code if held is None or held.rate_percent == percent else f"{row.code} {row.percent}%"


def lay_out_terms() -> dict[str, PaymentTerm]:
    """Make what is missing of the usual payment terms; returns all terms of the organisation by name."""
    known = {term.name: term for term in db.session.scalars(select(PaymentTerm))}
    for name, days in _TERMS:
        if name not in known:
            known[name] = PaymentTerm(name=name, due_days=days)
            db.session.add(known[name])
    db.session.flush()
    return known
