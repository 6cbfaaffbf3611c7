"""Counts and sums over documents: what the dashboard and the heads of lists say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from app.billing import tally
from app.billing.document import Document
from app.billing.kinds import ISSUED, OWED, DocumentKind, DocumentStatus
from app.billing.queries import OWED_PENCE, DocumentFilter, conditions
from app.billing.tally import Count
from app.foundation.database import db

_AMOUNTS = (Document.net_pence, Document.tax_pence, OWED_PENCE, Document.settled_pence)
_NUMBERS = (func.count(), *(func.sum(amount) for amount in _AMOUNTS))


class Sums(NamedTuple):
    """Pence over issued documents, in one currency: invoices count up, credit notes down."""

    documents: int
    net_pence: int
    tax_pence: int
    gross_pence: int
    open_pence: int


def counted(wanted: DocumentFilter) -> list[Count]:
    """The documents of a filter by kind, status and currency: one walk over them, none where a tally knows."""
    if wanted == DocumentFilter(kind=wanted.kind, statuses=wanted.statuses, billing_entity_id=wanted.billing_entity_id):
        return tally.counts(kind=wanted.kind, statuses=wanted.statuses, billing_entity_id=wanted.billing_entity_id)
    found = _of_one_currency(wanted) if wanted.search.strip() else None
    return _walked(wanted) if found is None else found


def _walked(wanted: DocumentFilter) -> list[Count]:
    by = (Document.kind, Document.status, Document.currency)
    rows = db.session.execute(select(*by, *_NUMBERS).where(*conditions(wanted)).group_by(*by))
    return [Count(*row[:3], *(int(number) for number in row[3:])) for row in rows]


def _of_one_currency(wanted: DocumentFilter) -> list[Count] | None:
    """The same where no status has two currencies, else None: an index has them by status, so nothing is sorted.

    To sort what a common word finds takes longer than to find it.
    """
    by, currency = (Document.kind, Document.status), Document.currency
    counted = select(*by, func.min(currency), func.max(currency), *_NUMBERS).where(*conditions(wanted))
    rows = db.session.execute(counted.group_by(*by)).all()
    if any(first != last for _kind, _status, first, last, *_numbers in rows):
        return None
    return [Count(*row[:3], *(int(number) for number in row[4:])) for row in rows]


def sums(wanted: DocumentFilter) -> dict[str, Sums]:
    """What the issued documents of a filter come to, by currency; drafts and void documents are left out."""
    return added_up(counted(wanted))


def added_up(counts: Iterable[Count]) -> dict[str, Sums]:
    """The same of what was counted already. Pure."""
    found: dict[str, Sums] = {}
    for one in counts:
        if one.status in ISSUED:
            before = found.get(one.currency, Sums(0, 0, 0, 0, 0))
            found[one.currency] = Sums(*(sum(pair) for pair in zip(before, _signed(one), strict=True)))
    return found


def by_status(counts: Iterable[Count]) -> dict[DocumentStatus, int]:
    """How many documents are in each status, noughts included. Pure."""
    found: Counter[DocumentStatus] = Counter()
    for one in counts:
        found[one.status] += one.documents
    return {status: found[status] for status in DocumentStatus}


def status_counts(wanted: DocumentFilter) -> dict[DocumentStatus, int]:
    """How many documents of a filter are in each status, noughts included."""
    return by_status(counted(wanted))


def overdue(today: date, *, kind: DocumentKind = DocumentKind.INVOICE) -> dict[str, Sums]:
    """What was due before today and is still owed, by currency."""
    return sums(DocumentFilter(kind=kind, overdue_on=today))


def _signed(one: Count) -> Sums:
    sign = -1 if one.kind is DocumentKind.CREDIT_NOTE else 1
    left = one.owed_pence - one.settled_pence if one.status in OWED else 0
    return Sums(one.documents, *(sign * pence for pence in (one.net_pence, one.tax_pence, one.owed_pence, left)))
