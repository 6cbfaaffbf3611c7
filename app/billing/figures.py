"""Counts and sums over documents: what the dashboard and the heads of lists say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import NamedTuple

from sqlalchemy import func, select

from app.billing import tally
from app.billing.document import Document
from app.billing.kinds import ISSUED, OWED, DocumentKind, DocumentStatus
from app.billing.months import Span, parts_of
from app.billing.queries import OWED_PENCE, DocumentFilter, conditions, how_found
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
    """The documents of a filter by kind, status and currency: one walk over them, none of months that a tally knows."""
    months = parts_of(Span(wanted.issued_from, wanted.issued_until))
    if not months.has_months or replace(wanted, issued_from=None, issued_until=None) != _told_by_tally(wanted):
        return _walked(wanted)
    kept = tally.Wanted(wanted.kind, wanted.statuses, wanted.billing_entity_id, months.first, months.last)
    walked = (_walked(replace(wanted, issued_from=one.since, issued_until=one.until)) for one in months.beside)
    return _together([*tally.counts(kept), *chain.from_iterable(walked)])


def _told_by_tally(wanted: DocumentFilter) -> DocumentFilter:
    """So much of a filter as a tally can tell apart, beside the months."""
    return DocumentFilter(kind=wanted.kind, statuses=wanted.statuses, billing_entity_id=wanted.billing_entity_id)


def _walked(wanted: DocumentFilter) -> list[Count]:
    by = (Document.kind, Document.status, Document.currency)
    walked = select(*by, *_NUMBERS).where(*conditions(wanted)).group_by(*by)
    rows = db.session.execute(walked, execution_options=how_found(wanted))
    return [Count(*row[:3], *(int(number) for number in row[3:])) for row in rows]


def _together(counts: Iterable[Count]) -> list[Count]:
    """One of each kind, status and currency (pure)."""
    found: dict[tuple[DocumentKind, DocumentStatus, str], Count] = {}
    for one in counts:
        key = one[:3]
        numbers = (found[key][3:], one[3:]) if key in found else (one[3:],)
        found[key] = Count(*key, *map(sum, zip(*numbers, strict=True)))
    return list(found.values())


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
