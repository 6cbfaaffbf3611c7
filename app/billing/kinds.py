"""The kinds of document and the states they go through."""

from __future__ import annotations

from enum import StrEnum


class DocumentKind(StrEnum):
    """What a document says: you owe us, or we owe you. Both carry positive amounts."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"

    @property
    def word(self) -> str:
        """The word on screen, capitalised."""
        return _TITLES[self]


class DocumentStatus(StrEnum):
    """Billing's own state of a document; where it is with the accounting side is never mixed into it."""

    DRAFT = "draft"
    OPEN = "open"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    VOID = "void"


_TITLES = {DocumentKind.INVOICE: "Invoice", DocumentKind.CREDIT_NOTE: "Credit note"}

ISSUED = (DocumentStatus.OPEN, DocumentStatus.PARTIALLY_PAID, DocumentStatus.PAID)
"""Documents that have left the house and count in every sum."""

OWED = (DocumentStatus.OPEN, DocumentStatus.PARTIALLY_PAID)
"""Documents on which money is still to come."""
