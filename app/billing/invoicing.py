"""What people do with documents: draft, change, open, void, keep back. Each posts what the other side must hear.

Everything here runs in the caller's transaction and takes the document's row lock first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from app.billing import numbering
from app.billing.content import DocumentContent, charged_percents, content_of, turned_round, write_content
from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.faults import NotReadyError, opening_faults
from app.billing.kinds import ISSUED, DocumentKind, DocumentStatus
from app.billing.payment import Allocation, Payment, PaymentState
from app.billing.references import check_references
from app.billing.settling import derive_status
from app.billing.timeline import Actor, note
from app.billing.wording import amount
from app.foundation import clock
from app.foundation.database import db
from app.foundation.errors import BadInputError, ChangedMeanwhileError, ConflictError
from app.outbox import lanes, settling, tray
from app.outbox.models import Priority

OPTED_OUT = "Kept back by a person."


class PaymentsAppliedError(ConflictError):
    """Payments are applied to this document; take them off first."""

    def __init__(self, document: Document, payments: list[Payment]) -> None:
        told = ", ".join(amount(payment.amount_pence, payment.currency) for payment in payments)
        super().__init__(f"{document.title} can't be voided: payments are applied to it ({told}). Take them off first.")
        self.payments = payments


def create_draft(entity: BillingEntity, kind: DocumentKind, content: DocumentContent, *, actor: Actor) -> Document:
    """A new draft, without a number; nobody else hears of it. Raises BadInputError for ids that are not ours."""
    check_references(content)
    document = Document(entity=entity, kind=kind, status=DocumentStatus.DRAFT)
    write_content(document, content, charged_percents(entity))
    db.session.add(document)
    db.session.flush()
    note(document.subject, "drafted", "The draft was made.", actor=actor)
    return document


def change(
    document: Document,
    content: DocumentContent,
    *,
    actor: Actor,
    expected_version: int | None = None,
    priority: Priority = Priority.PERSON,
) -> Document:
    """Make a draft or an open document say something else; an open one becomes a new revision and is posted.

    Raises ChangedMeanwhileError where `expected_version` is not the present one, ConflictError with the reason where
    the document is void or paid, BadInputError where less would be owed than is paid or where somebody else would be
    billed than has paid, NotReadyError for an open document that could not have been opened like this.
    """
    check_references(content)
    hold(document, expected_version)
    _refuse_settled(document)
    before, billed = document.gross_pence, (document.client_id, document.currency)
    write_content(document, content, charged_percents(document.entity))
    document.revision += 1
    if document.status is DocumentStatus.DRAFT:
        db.session.flush()
        return document
    _check_amended(document, billed)
    derive_status(document)
    change_of_total = f"{amount(before, document.currency)} to {amount(document.gross_pence, document.currency)}"
    said = f"Amended: the total went from {change_of_total}." if before != document.gross_pence else "Amended."
    note(document.subject, "amended", said, actor=actor, details={"revision": document.revision})
    tray.post(document.subject, document.entity.lane, priority=priority)
    return document


def open_document(document: Document, *, actor: Actor, priority: Priority = Priority.PERSON) -> Document:
    """Draft to open: it is checked, gets its number, and is posted. A document kept back is posted too.

    Whether it is really sent, readiness decides. Raises NotReadyError with all faults, ConflictError if no draft.
    """
    hold(document)
    if document.status is not DocumentStatus.DRAFT:
        raise ConflictError(f"{document.title} is open already.")
    faults = opening_faults(document)
    if faults:
        raise NotReadyError(faults)
    document.number = document.number or numbering.draw_number(document.entity, document.kind)
    mark_opened(document, actor)
    db.session.flush()
    announce_opened(document, actor=actor, priority=priority)
    return document


def mark_opened(document: Document, actor: Actor) -> None:
    """The step from draft to open itself, for documents that were checked and have a number."""
    document.status = DocumentStatus.OPEN
    document.opened_at, document.opened_by = clock.now(), actor.name
    derive_status(document)


def announce_opened(document: Document, *, actor: Actor, priority: Priority) -> None:
    """Write it into the timeline and post it."""
    total = amount(document.gross_pence, document.currency)
    note(document.subject, "opened", f"Opened as {document.number} over {total}.", actor=actor)
    tray.post(document.subject, document.entity.lane, priority=priority)


def void(document: Document, reason: str, *, actor: Actor) -> Document:
    """Make an open document void, and post it. Raises PaymentsAppliedError with the payments that stand against it."""
    hold(document)
    if document.status not in ISSUED:
        raise ConflictError("Only an open document can be voided; a draft is deleted.")
    applied = payments_applied(document)
    if applied:
        raise PaymentsAppliedError(document, applied)
    mark_void(document, reason, actor)
    tray.post(document.subject, document.entity.lane, priority=Priority.PERSON)
    return document


def mark_void(document: Document, reason: str, actor: Actor) -> None:
    """The step to void itself, told in the timeline and to nobody else."""
    document.status = DocumentStatus.VOID
    document.voided_at, document.void_reason = clock.now(), reason
    note(document.subject, "voided", f"Voided: {reason}" if reason else "Voided.", actor=actor)


def keep_back(document: Document, *, actor: Actor) -> None:
    """Opt out: the accounting side is not to hear of this document; what waits is taken back."""
    hold(document)
    document.kept_back, document.kept_back_by, document.kept_back_at = True, actor.name, clock.now()
    settling.cancel(document.subject, reason=OPTED_OUT)
    lanes.release(document.entity.lane, lanes.blocker_of(document.subject))
    note(document.subject, "kept_back", "Kept back: it is not to be sent.", actor=actor)


def let_go(document: Document, *, actor: Actor) -> None:
    """Undo the opt-out. Nothing is sent by itself: a person asks for it, or edits the document."""
    hold(document)
    document.kept_back, document.kept_back_by, document.kept_back_at = False, None, None
    note(document.subject, "let_go", "No longer kept back; it is sent when somebody asks for it.", actor=actor)


def ask_to_send(documents: Sequence[Document], *, actor: Actor) -> int:
    """A person wants these very documents told, whatever the rules about time; returns how many were posted.

    Drafts and documents kept back are passed over.
    """
    wanted = [row for row in documents if row.status is not DocumentStatus.DRAFT and not row.kept_back]
    for document in wanted:
        priority = Priority.PERSON if len(wanted) == 1 else Priority.RUN
        tray.post(document.subject, document.entity.lane, priority=priority, asked=True)
        note(document.subject, "asked", "Asked for it to be sent.", actor=actor)
    return len(wanted)


def delete_draft(document: Document) -> None:
    """Take a draft away for good. Raises ConflictError for anything that was opened."""
    hold(document)
    if document.status is not DocumentStatus.DRAFT:
        raise ConflictError("Only a draft can be deleted; an open document is voided.")
    db.session.delete(document)


def duplicate(document: Document, *, actor: Actor) -> Document:
    """A new draft with the same content, dated today, without number or due date of the old one."""
    today = document.entity.today()
    term = document.term
    copied = replace(content_of(document), issue_date=today, due_date=term.due(today) if term else None)
    return create_draft(document.entity, document.kind, copied, actor=actor)


def turn_into_credit_note(document: Document, *, actor: Actor) -> Document:
    """A draft invoice below nought becomes a credit note over the same amount. Raises ConflictError if no draft."""
    hold(document)
    if document.status is not DocumentStatus.DRAFT or document.kind is not DocumentKind.INVOICE:
        raise ConflictError("Only a draft invoice can be turned into a credit note.")
    credit = create_draft(document.entity, DocumentKind.CREDIT_NOTE, turned_round(content_of(document)), actor=actor)
    db.session.delete(document)
    return credit


def payments_applied(document: Document) -> list[Payment]:
    """The live payments and credits that have a part on this document, the oldest first."""
    parts = select(Allocation.payment_id).where(Allocation.document_id == document.id)
    live = select(Payment).where(Payment.id.in_(parts), Payment.state == PaymentState.LIVE)
    return list(db.session.scalars(live.order_by(Payment.received_on, Payment.id)))


def hold(document: Document, expected_version: int | None = None) -> None:
    """Lock the row and read it anew, so that two writers go one after the other. Raises ChangedMeanwhileError."""
    db.session.refresh(document, with_for_update=True)
    if expected_version is not None and document.version != expected_version:
        raise ChangedMeanwhileError


def _refuse_settled(document: Document) -> None:
    if document.status is DocumentStatus.VOID:
        raise ConflictError(f"{document.title} is void and can't be changed.")
    if document.status is DocumentStatus.PAID and document.settled_pence:
        raise ConflictError(f"{document.title} is paid and can't be changed; issue a credit note instead.")


def _check_amended(document: Document, billed: tuple[int | None, str]) -> None:
    faults = opening_faults(document)
    if faults:
        raise NotReadyError(faults)
    if document.settled_pence and (document.client_id, document.currency) != billed:
        field = "client_id" if document.client_id != billed[0] else "currency"
        raise BadInputError(field, "Payments are applied to it, so client and currency stay. Take them off first.")
    if document.owed_pence < document.settled_pence:
        paid = amount(document.settled_pence, document.currency)
        raise BadInputError("lines", f"{paid} is paid already; the total can't be less than that.")
