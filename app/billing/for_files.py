"""Everything that a list is narrowed to, slice after slice in the order in which it was written down: for files."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.billing.document import Document
from app.billing.payment import Allocation, Payment
from app.billing.queries import DocumentFilter, conditions
from app.billing.words import said_or_of
from app.foundation.database import db
from app.foundation.tenancy import BY_KEY


def documents(wanted: DocumentFilter, *, after: int, most: int) -> list[Document]:
    """The next documents after this id, clients loaded."""
    found = select(Document).where(*conditions(wanted), Document.id > after).options(selectinload(Document.client))
    return list(db.session.scalars(found.order_by(Document.id).limit(most), execution_options=BY_KEY))


def payments(search: str, client_id: int | None, *, after: int, most: int) -> list[Payment]:
    """The next payments after this id, their clients and what they settle loaded."""
    found = select(Payment).where(Payment.id > after)
    if search.strip():
        found = found.where(said_or_of(search, Payment.client_id, Payment.reference))
    if client_id is not None:
        found = found.where(Payment.client_id == client_id)
    settles = selectinload(Payment.allocations).selectinload(Allocation.document)
    loaded = found.options(selectinload(Payment.client), settles).order_by(Payment.id).limit(most)
    return list(db.session.scalars(loaded, execution_options=BY_KEY))
