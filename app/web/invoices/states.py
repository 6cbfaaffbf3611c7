"""The states of a document as badges: a tone and a word; a credit note is used up, not paid."""

from __future__ import annotations

from app.billing.document import Document
from app.billing.kinds import DocumentKind, DocumentStatus

_STATES = {
    DocumentStatus.DRAFT: ("draft", "Draft"),
    DocumentStatus.OPEN: ("wait", "Open"),
    DocumentStatus.PARTIALLY_PAID: ("wait", "Partially paid"),
    DocumentStatus.PAID: ("good", "Paid"),
    DocumentStatus.VOID: ("calm", "Void"),
}
_OF_CREDIT_NOTES = {DocumentStatus.PARTIALLY_PAID: ("wait", "Partly used"), DocumentStatus.PAID: ("good", "Used up")}


def state_of(kind: DocumentKind, status: DocumentStatus) -> tuple[str, str]:
    """Tone and word of a status on this kind of document."""
    special = _OF_CREDIT_NOTES if kind is DocumentKind.CREDIT_NOTE else {}
    return special.get(status) or _STATES[status]


def document_state(document: Document) -> tuple[str, str]:
    """Tone and word of a document's status."""
    return state_of(document.kind, document.status)
