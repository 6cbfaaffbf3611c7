"""What stands on the other side where credit is used: credit notes that settle an invoice, invoices they settle."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from app.billing.document import Document
from app.billing.payment import Allocation
from app.billing.shares import joined
from app.foundation.database import db


def beside(document: Document) -> dict[int, str]:
    """{payment id: the documents of the other kind in it, in words}; money alone brings none."""
    settling = select(Allocation.payment_id).where(Allocation.document_id == document.id)
    others = (
        select(Allocation.payment_id, Document.kind, Document.number)
        .join(Document, Document.id == Allocation.document_id)
        .where(Allocation.payment_id.in_(settling), Document.kind != document.kind)
        .order_by(Allocation.id)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for payment_id, kind, number in db.session.execute(others):
        found[payment_id].append(f"{kind.word.lower()} {number}")
    return {payment_id: joined(names) for payment_id, names in found.items()}
