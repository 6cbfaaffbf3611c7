"""What is still wrong with a document before it may be opened: pure, over its content."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from app.billing.content import DocumentContent, LineContent, content_of, content_totals
from app.billing.document import Document
from app.billing.entity import TaxRegime
from app.billing.kinds import DocumentKind
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
    return content_faults(content_of(document), document.kind, document.entity.tax_regime)


def content_faults(content: DocumentContent, kind: DocumentKind, regime: TaxRegime) -> list[Fault]:
    """The same over content that is in no document yet; lines are counted from 1."""
    numbered = list(enumerate(content.lines, start=1))
    in_lines = (Fault(at, *fault) for at, line in numbered for fault in _line_faults(line, regime))
    return [
        *(Fault(None, *fault) for fault in _whole_faults(content, kind)),
        *(fault._replace(sentence=f"Line {fault.line}: {fault.sentence}") for fault in in_lines),
    ]


_Complaint = tuple[str, str]
"""A field and a sentence; which line it is about, the caller knows."""

_BELOW_NOUGHT = {
    DocumentKind.INVOICE: "The total is below nought: turn this into a credit note.",
    DocumentKind.CREDIT_NOTE: "The total is below nought: quantities on a credit note are positive.",
}


def _whole_faults(content: DocumentContent, kind: DocumentKind) -> Iterator[_Complaint]:
    if content.client_id is None:
        yield "client_id", "Choose the client."
    if all(is_comment(line) for line in content.lines):
        yield "lines", "Add at least one line with a service."
    if content.due_date is not None and content.due_date < content.issue_date:
        yield "due_date", "The due date lies before the issue date."
    if content_totals(content.lines, {}).net_pence < 0:
        yield "lines", _BELOW_NOUGHT[kind]


_TO_CHOOSE = {
    TaxRegime.UK: "choose a tax code.",
    TaxRegime.US_AUTOMATED: "say by a tax code whether it is taxable.",
}


def _line_faults(line: LineContent, regime: TaxRegime) -> Iterator[_Complaint]:
    if is_comment(line):
        yield from _comment_faults(line)
        return
    yield from _number_faults(line)
    if line.service_id is None:
        yield "service_id", "choose a service; only a comment goes without."
    if line.tax_code_id is None and regime is not TaxRegime.NONE:
        yield "tax_code_id", _TO_CHOOSE[regime]


def _comment_faults(line: LineContent) -> Iterator[_Complaint]:
    if not line.description.strip():
        yield "description", "this line says nothing; fill it in or take it out."


def _number_faults(line: LineContent) -> Iterator[_Complaint]:
    if not line.quantity:
        yield "quantity", "give a quantity other than nought."
    if line.unit_price is None:
        yield "unit_price", "give a unit price."
    elif line.unit_price < 0:
        yield "unit_price", "the unit price is below nought; make the quantity negative instead."
    elif decimals(line.unit_price) > MAX_PRICE_DECIMALS:
        yield "unit_price", f"the unit price has more than {MAX_PRICE_DECIMALS} decimals."
    if not 0 <= line.discount_percent <= _WHOLE:
        yield "discount_percent", "the discount must lie between 0 and 100 percent."


def is_comment(line: LineContent) -> bool:
    """Whether a line only says something: it names no service, no quantity and no price."""
    return line.service_id is None and line.quantity is None and line.unit_price is None


def decimals(number: Decimal) -> int:
    """How many digits stand after the point, trailing noughts left out."""
    exponent = number.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
