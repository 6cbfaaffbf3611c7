"""The kinds of message and what each becomes in QuickBooks: values in a table, not copies of a function."""

from __future__ import annotations

from dataclasses import dataclass

from app.sync.judging.decisions import Write


@dataclass(frozen=True)
class Kind:
    """One kind of subject: its entity there, and how a void of ours is told."""

    entity: str
    word: str
    void_as: Write = Write.VOID
    tier: int = 2
    """0 before 1 before 2 before 3: customers, items, documents, payments."""


KINDS: dict[str, Kind] = {
    "client": Kind("Customer", "Client", tier=0),
    "service": Kind("Item", "Service", tier=1),
    "invoice": Kind("Invoice", "Invoice"),
    # Intuit has no void for credit memos through its API (reference 2.6), so a void here is a delete there.
    "credit_note": Kind("CreditMemo", "Credit note", void_as=Write.DELETE),
    "payment": Kind("Payment", "Payment", tier=3),
}

DOCUMENTS = ("invoice", "credit_note")
LISTED = ("client", "service")
"""What becomes a record of one of QuickBooks' lists."""
KIND_OF_ENTITY = {kind.entity: name for name, kind in KINDS.items()}
