"""Why money counts on one side only: the payments that were recorded here and are not there as they are here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import and_, select

from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.billing.payment import Allocation, Payment, PaymentOrigin, PaymentState
from app.billing.wording import amount
from app.foundation.database import db
from app.sync.comparing.drifts import DriftCause
from app.sync.comparing.findings import EXPLANATIONS, Difference
from app.sync.comparing.remedies import PAID
from app.sync.records.links import Link, LinkState

_AT_ONCE = 500
_NAMED = 2
"""Payments that are named; of more than these the number is told."""


class _Recorded(NamedTuple):
    """A payment that was recorded here, and what QuickBooks was told of it; None where nothing."""

    document_id: int
    share_pence: int
    reference: str
    amount_pence: int
    currency: str
    is_live: bool
    is_there: bool
    is_told: bool
    credits: Sequence[str] = ()
    """The credit notes that are used up by it."""

    @property
    def counts(self) -> tuple[bool, bool]:
        """Whether it counts here, and there."""
        return self.is_live, self.is_there

    @property
    def name(self) -> str:
        """As a person calls it: credit that is used up by its share, for no money came."""
        if self.credits:
            money = [amount(self.amount_pence, self.currency)] if self.amount_pence else []
            return f"{amount(self.share_pence, self.currency)} from {' and '.join([*money, *self.credits])}"
        return f"{self.reference} of {amount(self.amount_pence, self.currency)}".removeprefix(" ").removeprefix("of ")


def explained(connection_id: int, differences: Sequence[Difference]) -> list[Difference]:
    """The same differences; those about money say which payments explain them, where any does."""
    about = {one.subject_id for one in differences if one.cause in PAID}
    recorded: defaultdict[int, list[_Recorded]] = defaultdict(list)
    for row in _recorded(connection_id, sorted(about)):
        recorded[row.document_id].append(row)
    return [_explained(one, recorded[one.subject_id]) if one.cause in PAID else one for one in differences]


def _explained(difference: Difference, recorded: Collection[_Recorded]) -> Difference:
    said = " ".join(_sentences(difference.cause, recorded))
    return replace(difference, explanation=f"{EXPLANATIONS[difference.cause]} {said}".strip())


def _sentences(cause: DriftCause, recorded: Collection[_Recorded]) -> Iterator[str]:
    """Pure. One that counts on neither side explains nothing."""
    alone = (True, False) if cause is DriftCause.PAID_HERE else (False, True)
    told = "recorded here, not there" if cause is DriftCause.PAID_HERE else "voided here, and still counted there"
    yield from _said([row for row in recorded if row.counts == alone], told)
    anew = [row for row in recorded if row.counts == (True, True) and not row.is_told]
    yield from _said(anew, "divided anew here, and QuickBooks was not told")


def _said(rows: Sequence[_Recorded], what: str) -> Iterator[str]:
    if rows:
        names = [row.name for row in rows[:_NAMED]]
        more = [f"{len(rows) - _NAMED} more"] if len(rows) > _NAMED else []
        word = "" if all(row.credits for row in rows) else "Payment " if len(rows) == 1 else "Payments "
        yield f"{word}{' and '.join([*names, *more])}: {what}."


def _recorded(connection_id: int, document_ids: Sequence[int]) -> Iterator[_Recorded]:
    tied = and_(Link.connection_id == connection_id, Link.kind == "payment", Link.subject_id == Payment.id)
    columns = (Payment.reference, Payment.amount_pence, Payment.currency, Payment.state, Payment.revision)
    own = (Allocation.payment_id, Allocation.document_id, Allocation.amount_pence.label("share_pence"))
    wanted = (
        select(*own, *columns, Link.state.label("there"), Link.told_revision)
        .join(Payment, Payment.id == Allocation.payment_id)
        .outerjoin(Link, tied)
        .where(Payment.origin == PaymentOrigin.HERE)
        .order_by(Payment.received_on, Payment.id)
    )
    for start in range(0, len(document_ids), _AT_ONCE):
        some = document_ids[start : start + _AT_ONCE]
        used = _credits_used(some)
        for row in db.session.execute(wanted.where(Allocation.document_id.in_(some))):
            yield _Recorded(
                *(row.document_id, row.share_pence, row.reference, row.amount_pence, row.currency),
                is_live=row.state is PaymentState.LIVE,
                is_there=row.there is LinkState.LIVE,
                is_told=row.told_revision == row.revision,
                credits=used[row.payment_id],
            )


def _credits_used(document_ids: Sequence[int]) -> defaultdict[int, list[str]]:
    """The credit notes in the payments of these documents: {payment id: their names}."""
    paying = select(Allocation.payment_id).where(Allocation.document_id.in_(document_ids))
    wanted = (
        select(Allocation.payment_id, Document.number)
        .join(Document, Document.id == Allocation.document_id)
        .where(Allocation.payment_id.in_(paying), Document.kind == DocumentKind.CREDIT_NOTE)
        .order_by(Allocation.id)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for payment_id, number in db.session.execute(wanted):
        found[payment_id].append(f"credit note {number}")
    return found
