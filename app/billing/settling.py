"""How much of a document is settled, and what that makes of its status: derived, never typed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from app.billing.document import Document
from app.billing.kinds import ISSUED, DocumentKind, DocumentStatus
from app.billing.payment import Allocation, Payment, PaymentState
from app.foundation.database import db


def status_of(owed_pence: int, settled_pence: int) -> DocumentStatus:
    """What an opened document is, by what is owed in all and what was settled; pure."""
    if settled_pence >= owed_pence:
        return DocumentStatus.PAID
    return DocumentStatus.PARTIALLY_PAID if settled_pence > 0 else DocumentStatus.OPEN


def derive_status(document: Document) -> None:
    """Set the status anew from the amounts. Drafts and void documents stay what they are."""
    if document.status in ISSUED:
        document.status = status_of(document.owed_pence, document.settled_pence or 0)


def settle_anew(document_ids: Iterable[int]) -> list[Document]:
    """Sum the live allocations of these documents anew; returns those whose settled amount changed.

    Rows are locked in the order of their ids, so that two payments over the same documents can't block each other.
    """
    wanted = select(Document).where(Document.id.in_(list(document_ids))).order_by(Document.id).with_for_update()
    documents = db.session.scalars(wanted.execution_options(populate_existing=True)).all()
    sums = _sums([document.id for document in documents])
    return [document for document in documents if _settle(document, sums.get(document.id, 0))]


def by_money(document_ids: Sequence[int]) -> set[int]:
    """Those of these documents in whose settlement money has a part, and not only credit."""
    return set(db.session.scalars(_live(document_ids).where(Payment.amount_pence > 0)))


def by_credit(document_ids: Sequence[int]) -> set[int]:
    """Those of these invoices in whose settlement a credit note has a part."""
    used = aliased(Allocation)
    note = (Document.id == used.document_id, Document.kind == DocumentKind.CREDIT_NOTE)
    has_credit = exists().where(used.payment_id == Payment.id, *note)
    return set(db.session.scalars(_live(document_ids).where(has_credit)))


def _live(document_ids: Sequence[int]) -> Select[int]:
    paying = select(Allocation.document_id).join(Payment, Payment.id == Allocation.payment_id)
    return paying.where(Allocation.document_id.in_(document_ids), Payment.state == PaymentState.LIVE)


def _settle(document: Document, settled_pence: int) -> bool:
    if document.settled_pence == settled_pence:
        return False
    document.settled_pence = settled_pence
    derive_status(document)
    return True


def _sums(document_ids: list[int]) -> dict[int, int]:
    live = (
        select(Allocation.document_id, func.sum(Allocation.amount_pence))
        .join(Payment, Payment.id == Allocation.payment_id)
        .where(Allocation.document_id.in_(document_ids), Payment.state == PaymentState.LIVE)
        .group_by(Allocation.document_id)
    )
    return {document_id: int(total) for document_id, total in db.session.execute(live)}
