"""Payments by what a person types of their references: any part of any of them, by the index of words."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.billing.payment import Payment
from app.billing.words import hits, matches
from app.foundation.database import db
from app.foundation.tenancy import BY_KEY


def referenced(words: str, *, most: int) -> list[Payment]:
    """The newest payments in whose reference every word stands, clients loaded."""
    said = matches(words, Payment.reference)
    newest = select(Payment).options(joinedload(Payment.client)).order_by(Payment.id.desc()).limit(most)
    found = hits(select(Payment.id).where(said))
    if found is None:  # so common a word stands in one of the newest soon
        return list(db.session.scalars(newest.where(said)))
    named = newest.where(Payment.id.in_(found[-most:]))
    return list(db.session.scalars(named, execution_options=BY_KEY))
