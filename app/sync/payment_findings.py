"""What a comparison put right about payments: those that had not reached us, by what had been done to them there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import select

from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.billing.payment import Allocation, Payment, PaymentState
from app.billing.wording import amount
from app.foundation.database import db
from app.sync import payments
from app.sync.drifts import DriftCause
from app.sync.findings import Difference
from app.sync.links import Link

NOWHERE = "not known"


class PaymentSide(NamedTuple):
    """A payment as our side has it; parts in pence by document, credit notes below nought."""

    payment_id: int
    state: PaymentState
    amount_pence: int
    currency: str
    parts: dict[int, int]


def sides(connection_id: int) -> dict[str, PaymentSide]:
    """All payments that are linked to one there: {their id: our side}."""
    parts: dict[int, dict[int, int]] = defaultdict(dict)
    linked = (Link.kind == "payment") & (Link.connection_id == connection_id)
    divided = (
        select(Allocation.payment_id, Allocation.document_id, Allocation.amount_pence, Document.kind)
        .join(Link, (Link.subject_id == Allocation.payment_id) & linked)
        .join(Document, Document.id == Allocation.document_id)
    )
    for payment_id, document_id, pence, kind in db.session.execute(divided):
        parts[payment_id][document_id] = -pence if kind is DocumentKind.CREDIT_NOTE else pence
    known = select(Link.remote_id, Payment.id, Payment.state, Payment.amount_pence, Payment.currency)
    rows = db.session.execute(known.join(Payment, (Payment.id == Link.subject_id) & linked))
    return {
        remote_id: PaymentSide(payment_id, PaymentState(state), pence, currency, parts.get(payment_id, {}))
        for remote_id, payment_id, state, pence, currency in rows
    }


def put_right(before: Mapping[str, PaymentSide], after: Mapping[str, PaymentSide]) -> Iterator[Difference]:
    """What changed between the two, each with the cause that a bookkeeper would name; pure but for the numbers."""
    changed = {remote_id: side for remote_id, side in after.items() if before.get(remote_id) != side}
    numbers = _numbers({one for side in changed.values() for one in side.parts} | _parts(before, changed))
    for remote_id, side in changed.items():
        was = before.get(remote_id)
        yield Difference(
            cause=_cause(was, side),
            entity=payments.ENTITY,
            remote_id=remote_id,
            kind="payment",
            subject_id=side.payment_id,
            label=f"Payment of {amount(side.amount_pence, side.currency)}",
            ours=_said(was, numbers) if was is not None else NOWHERE,
            theirs=_said(side, numbers),
        )


def _cause(was: PaymentSide | None, now: PaymentSide) -> DriftCause:
    if now.state is not PaymentState.LIVE:
        return DriftCause.PAYMENT_GONE
    if any(pence < 0 for pence in now.parts.values()):
        return DriftCause.CREDIT_APPLIED
    if was is None or was.state is not PaymentState.LIVE:
        return DriftCause.PAYMENT_MISSED
    return DriftCause.PAYMENT_EDITED if was.amount_pence != now.amount_pence else DriftCause.PAYMENT_MOVED


def _parts(before: Mapping[str, PaymentSide], changed: Mapping[str, PaymentSide]) -> set[int]:
    return {one for remote_id in changed if remote_id in before for one in before[remote_id].parts}


def _numbers(document_ids: set[int]) -> dict[int, str]:
    named = select(Document.id, Document.number).where(Document.id.in_(document_ids))
    return {document_id: number or "" for document_id, number in db.session.execute(named)}


def _said(side: PaymentSide, numbers: Mapping[int, str]) -> str:
    if side.state is not PaymentState.LIVE:
        return "deleted" if side.state is PaymentState.REMOVED else "void"
    total = amount(side.amount_pence, side.currency)
    shares = sorted((numbers.get(one, ""), pence) for one, pence in side.parts.items())
    told = ", ".join(f"{number} {amount(pence, side.currency)}" for number, pence in shares)
    return f"{total}: {told}"[:300] if told else f"{total}, applied to nothing"
