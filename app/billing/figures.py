"""Counts and sums over documents: what the dashboard and the heads of lists say."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import case, func, select

from app.billing.document import Document
from app.billing.kinds import ISSUED, OWED, DocumentKind, DocumentStatus
from app.billing.queries import OWED_PENCE, DocumentFilter, conditions, with_clients
from app.foundation.database import db

_SIGN = case((Document.kind == DocumentKind.CREDIT_NOTE, -1), else_=1)
_OPEN = case((Document.status.in_(OWED), OWED_PENCE - Document.settled_pence), else_=0)


class Sums(NamedTuple):
    """Pence over issued documents, in one currency: invoices count up, credit notes down."""

    documents: int
    net_pence: int
    tax_pence: int
    gross_pence: int
    open_pence: int


def sums(wanted: DocumentFilter) -> dict[str, Sums]:
    """What the issued documents of a filter come to, by currency; drafts and void documents are left out."""
    amounts = (Document.net_pence, Document.tax_pence, OWED_PENCE, _OPEN)
    summed = (
        select(Document.currency, func.count(Document.id), *(func.sum(_SIGN * amount) for amount in amounts))
        .where(Document.status.in_(ISSUED), *conditions(wanted))
        .group_by(Document.currency)
    )
    found = db.session.execute(with_clients(summed, wanted))
    return {currency: Sums(*(int(value) for value in values)) for currency, *values in found}


def status_counts(wanted: DocumentFilter) -> dict[DocumentStatus, int]:
    """How many documents of a filter are in each status, noughts included."""
    counted = select(Document.status, func.count(Document.id)).where(*conditions(wanted)).group_by(Document.status)
    found = db.session.execute(with_clients(counted, wanted))
    return dict.fromkeys(DocumentStatus, 0) | {DocumentStatus(status): int(count) for status, count in found}


def overdue(today: date, *, kind: DocumentKind = DocumentKind.INVOICE) -> dict[str, Sums]:
    """What was due before today and is still owed, by currency."""
    return sums(DocumentFilter(kind=kind, overdue_on=today))
