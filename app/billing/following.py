"""What the books made of a document of ours, taken over here: told to nobody, for that is where it comes from.

Everything here runs in the caller's transaction and takes the document's row lock first.
"""

from __future__ import annotations

from sqlalchemy import select

from app.billing import invoicing
from app.billing.content import DocumentContent, charged_percents, content_of, write_content
from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.faults import NotReadyError, opening_faults
from app.billing.kinds import ISSUED, DocumentKind
from app.billing.references import check_references
from app.billing.settling import derive_status
from app.billing.timeline import Actor, note
from app.billing.wording import amount
from app.foundation.database import db
from app.foundation.errors import ConflictError


def take_over(document: Document, content: DocumentContent, number: str, *, actor: Actor) -> None:
    """Make an issued document say what the books say: a new revision, a line of its timeline, no message.

    Raises ConflictError where it is no longer issued, where more is paid on it than would be owed, where somebody else
    would be billed than has paid, or where the number belongs to another; NotReadyError for content that could not have
    been opened; BadInputError for ids that are not ours.
    """
    check_references(content)
    invoicing.hold(document)
    if document.status not in ISSUED:
        raise ConflictError(f"{document.title} is {document.status.value} here.")
    before, billed = _said(document), (document.client_id, document.currency)
    _renumber(document, number)
    if content != content_of(document):
        write_content(document, content, charged_percents(document.entity))
    document.revision += 1
    _check(document, billed)
    derive_status(document)
    note(document.subject, "taken_over", f"Taken over from the books: {before} became {_said(document)}.", actor=actor)


def void_too(document: Document, reason: str, *, actor: Actor) -> None:
    """Void here what is void or gone in the books. Raises PaymentsAppliedError, or ConflictError for a draft."""
    invoicing.hold(document)
    if document.status not in ISSUED:
        raise ConflictError(f"{document.title} is {document.status.value} here.")
    if applied := invoicing.payments_applied(document):
        raise invoicing.PaymentsAppliedError(document, applied)
    invoicing.mark_void(document, reason, actor)


def take_up(
    entity: BillingEntity, kind: DocumentKind, content: DocumentContent, number: str, *, actor: Actor
) -> Document:
    """A document that is only in the books, written here as an open one under the number it has there.

    Raises ConflictError where the number is taken here, NotReadyError for content that can't be opened.
    """
    document = invoicing.create_draft(entity, kind, content, actor=actor)
    _renumber(document, number)
    if faults := opening_faults(document):
        raise NotReadyError(faults)
    invoicing.mark_opened(document, actor)
    db.session.flush()
    note(document.subject, "opened", f"Taken up from the books as {_said(document)}.", actor=actor)
    return document


def _said(document: Document) -> str:
    return f"{document.number} over {amount(document.gross_pence, document.currency)}"


def _renumber(document: Document, number: str) -> None:
    if number == document.number:
        return
    same = select(Document.id).where(
        Document.billing_entity_id == document.entity.id,
        Document.kind == document.kind,
        Document.number == number,
        Document.id != document.id,
    )
    if not number or db.session.scalar(same) is not None:
        raise ConflictError(
            f"Another document here has the number {number} already." if number else "It has no number."
        )
    document.number = number


def _check(document: Document, billed: tuple[int | None, str]) -> None:
    if faults := opening_faults(document):
        raise NotReadyError(faults)
    settled = document.settled_pence
    if settled and (document.client_id, document.currency) != billed:
        raise ConflictError("Payments of its present client are applied to it here.")
    if document.owed_pence < settled:
        raise ConflictError(
            f"{amount(settled, document.currency)} is paid on it here, which is more than its new total."
        )
