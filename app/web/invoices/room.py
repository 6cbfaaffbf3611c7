"""The two rooms of documents: which one a request stands in, and the words used there."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.foundation.database import db
from app.foundation.errors import NotFoundError
from app.web.voice import speak_for


@dataclass(frozen=True)
class Room:
    """One kind of document as the pages speak of it."""

    kind: DocumentKind
    endpoint: str
    """The name of its blueprint."""
    title: str
    noun: str
    icon: str
    void_there: str
    """What voiding it here does in QuickBooks (design §6)."""

    @property
    def nouns(self) -> str:
        """The plural inside a sentence."""
        return f"{self.noun}s"


INVOICES = Room(
    DocumentKind.INVOICE,
    "invoices",
    "Invoices",
    "invoice",
    "receipt",
    "It is voided in QuickBooks as well: it keeps its number there, and its amounts become zero.",
)
CREDIT_NOTES = Room(
    DocumentKind.CREDIT_NOTE,
    "credit_notes",
    "Credit notes",
    "credit note",
    "receipt-cutoff",
    "It is deleted in QuickBooks, for QuickBooks can't void a credit note. Here it stays, marked void.",
)
ROOMS = {room.endpoint: room for room in (INVOICES, CREDIT_NOTES)}
_BY_KIND = {room.kind: room for room in ROOMS.values()}


def here() -> Room:
    """The room of the running request."""
    return ROOMS[str(request.blueprint)]


def document_here(document_id: int) -> Document:
    """A document of this room; the page speaks for its entity. Raises NoResultFound or NotFoundError for any other."""
    document = db.session.get_one(Document, document_id)
    if document.kind is not here().kind:
        raise NotFoundError
    speak_for(document.entity)
    return document


def document_url(document: Document, step: str = "show") -> str:
    """The address of a document, or of one of its steps."""
    return url_for(f"{_BY_KIND[document.kind].endpoint}.{step}", document_id=document.id)
