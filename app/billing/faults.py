"""What is still wrong with a document before it may be opened: pure, over the document as it is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from app.billing.document import Document
from app.billing.entity import TaxRegime
from app.billing.kinds import DocumentKind
from app.billing.line import DocumentLine
from app.foundation.errors import ConflictError

MAX_PRICE_DECIMALS = 7
_WHOLE = Decimal(100)


class Fault(NamedTuple):
    """One thing to mend: the line's position (None for the document as a whole), the field, and a sentence."""

    line: int | None
    field: str
    sentence: str


class NotReadyError(ConflictError):
    """This document can't be opened yet."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(" ".join(fault.sentence for fault in faults))
        self.faults = faults


def opening_faults(document: Document) -> list[Fault]:
    """All that stands against opening this document (or keeping it open), from top to bottom; empty when ready."""
    return [*_document_faults(document), *(fault for line in document.lines for fault in _line_faults(document, line))]


def _document_faults(document: Document) -> Iterator[Fault]:
    if document.client_id is None:
        yield Fault(None, "client_id", "Choose the client.")
    if all(line.is_comment for line in document.lines):
        yield Fault(None, "lines", "Add at least one line with a service.")
    if document.due_date is not None and document.due_date < document.issue_date:
        yield Fault(None, "due_date", "The due date lies before the issue date.")
    if document.gross_pence < 0:
        yield Fault(None, "lines", _BELOW_NOUGHT[document.kind])


_BELOW_NOUGHT = {
    DocumentKind.INVOICE: "The total is below nought: turn this into a credit note.",
    DocumentKind.CREDIT_NOTE: "The total is below nought: quantities on a credit note are positive.",
}


def _line_faults(document: Document, line: DocumentLine) -> Iterator[Fault]:
    if line.is_comment:
        yield from _comment_faults(line)
        return
    yield from _number_faults(line)
    if line.service_id is None:
        yield _fault(line, "service_id", "choose a service.")
    if line.tax_code_id is None and document.entity.tax_regime is TaxRegime.UK:
        yield _fault(line, "tax_code_id", "choose a tax code.")


def _comment_faults(line: DocumentLine) -> Iterator[Fault]:
    if line.unit_price is not None:
        yield _fault(line, "service_id", "choose a service; only a comment goes without.")
    elif not line.description.strip():
        yield _fault(line, "description", "this line says nothing; fill it in or take it out.")


def _number_faults(line: DocumentLine) -> Iterator[Fault]:
    if not line.quantity:
        yield _fault(line, "quantity", "give a quantity other than nought.")
    if line.unit_price is None:
        yield _fault(line, "unit_price", "give a unit price.")
    elif line.unit_price < 0:
        yield _fault(line, "unit_price", "the unit price is below nought; make the quantity negative instead.")
    elif decimals(line.unit_price) > MAX_PRICE_DECIMALS:
        yield _fault(line, "unit_price", f"the unit price has more than {MAX_PRICE_DECIMALS} decimals.")
    if not 0 <= line.discount_percent <= _WHOLE:
        yield _fault(line, "discount_percent", "the discount must lie between 0 and 100 percent.")


def decimals(number: Decimal) -> int:
    """How many digits stand after the point, trailing noughts left out."""
    exponent = number.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _fault(line: DocumentLine, field: str, sentence: str) -> Fault:
    return Fault(line.position, field, f"Line {line.position}: {sentence}")
