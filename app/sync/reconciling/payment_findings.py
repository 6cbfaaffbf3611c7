"""What a comparison put right about a payment that had not reached us: by what had been done to it there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select

from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.billing.payment import Allocation, Payment, PaymentState
from app.billing.wording import amount
from app.foundation.database import db
from app.sync.comparing.drifts import DriftCause
from app.sync.comparing.findings import Difference
from app.sync.payments import applying
from app.sync.records.links import Link

NOWHERE = "not known"


class PaymentSide(NamedTuple):
    """A payment as our side has it; parts in pence by document, credit notes below nought."""

    payment_id: int
    state: PaymentState
    amount_pence: int
    currency: str
    parts: dict[int, int]


def side(connection_id: int, remote_id: str) -> PaymentSide | None:
    """Our side of the payment that has this id there; None where we know of none."""
    linked = Link.connection_id == connection_id, Link.kind == "payment", Link.remote_id == remote_id
    known = select(Payment.id, Payment.state, Payment.amount_pence, Payment.currency)
    found = db.session.execute(known.join(Link, Payment.id == Link.subject_id).where(*linked)).first()
    if found is None:
        return None
    payment_id, state, pence, currency = found
    return PaymentSide(payment_id, PaymentState(state), pence, currency, _parts(payment_id))


def _parts(payment_id: int) -> dict[int, int]:
    divided = (
        select(Allocation.document_id, Allocation.amount_pence, Document.kind)
        .join(Document, Document.id == Allocation.document_id)
        .where(Allocation.payment_id == payment_id)
    )
    return {
        document_id: -pence if kind is DocumentKind.CREDIT_NOTE else pence
        for document_id, pence, kind in db.session.execute(divided)
    }


def put_right(remote_id: str, was: PaymentSide | None, now: PaymentSide | None) -> list[Difference]:
    """What changed between the two, with the cause that a bookkeeper would name; empty where nothing did."""
    if now is None or now == was:
        return []
    numbers = _numbers({*now.parts, *(was.parts if was is not None else ())})
    return [
        Difference(
            cause=_cause(was, now),
            entity=applying.ENTITY,
            remote_id=remote_id,
            kind="payment",
            subject_id=now.payment_id,
            label=f"Payment of {amount(now.amount_pence, now.currency)}",
            ours=_said(was, numbers) if was is not None else NOWHERE,
            theirs=_said(now, numbers),
        )
    ]


def _cause(was: PaymentSide | None, now: PaymentSide) -> DriftCause:
    if now.state is not PaymentState.LIVE:
        return DriftCause.PAYMENT_GONE
    if any(pence < 0 for pence in now.parts.values()):
        return DriftCause.CREDIT_APPLIED
    if was is None or was.state is not PaymentState.LIVE:
        return DriftCause.PAYMENT_MISSED
    return DriftCause.PAYMENT_EDITED if was.amount_pence != now.amount_pence else DriftCause.PAYMENT_MOVED


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
