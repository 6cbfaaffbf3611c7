"""What the selects of billing's pages offer: tax codes, terms, billing entities."""

from __future__ import annotations

from sqlalchemy import or_, select

from app.billing.entities import entities
from app.billing.tax import TaxCode
from app.billing.terms import PaymentTerm
from app.foundation.database import db


def tax_codes(keep: int | None = None) -> list[TaxCode]:
    """The tax codes in use, and `keep` even where it is no longer."""
    wanted = select(TaxCode).where(or_(TaxCode.active, TaxCode.id == keep)).order_by(TaxCode.id)
    return list(db.session.scalars(wanted))


def tax_code_choices(keep: int | None = None) -> list[tuple[int, str]]:
    """(id, "20.0% S: Standard rate, 20%")."""
    return [(code.id, f"{code.code}: {code.name}") for code in tax_codes(keep)]


def term_choices(keep: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of the terms in use, the shortest first, and of `keep`."""
    wanted = select(PaymentTerm).where(or_(PaymentTerm.active, PaymentTerm.id == keep)).order_by(PaymentTerm.due_days)
    return [(term.id, term.name) for term in db.session.scalars(wanted)]


def entity_choices() -> list[tuple[int, str]]:
    """(id, name) of the billing entities."""
    return [(entity.id, entity.name) for entity in entities()]
