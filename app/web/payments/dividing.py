"""A payment divided over invoices on a page: a box for each, what was typed into it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.billing.document import Document
from app.billing.importing import cells
from app.billing.receiving import tax_to_come
from app.billing.wording import amount
from app.foundation.money import to_pence, to_pounds


@dataclass(frozen=True)
class Box:
    """One invoice: how much may be put on it in pence, what was typed, and the sentence against it."""

    document: Document
    open_pence: int
    typed: str = ""
    error: str = ""

    @property
    def is_shut(self) -> bool:
        """Whether nothing can be typed: its tax is still to come, and nothing of the payment is on it already."""
        return self.document.tax_is_to_come and not (self.open_pence or self.typed)

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"part-{self.document.id}"


def boxes(documents: Sequence[Document], own: Mapping[int, int] | None = None) -> list[Box]:
    """A box for each; `own` is what a payment settles of them already, which it may keep.

    Nothing more goes on an invoice whose tax is still to come.
    """
    own = own or {}
    return [Box(document, _open(document) + own.get(document.id, 0)) for document in documents]


def filled(rows: Sequence[Box], parts: Mapping[int, int]) -> list[Box]:
    """The same with these parts typed in, in pence."""
    typed = {document_id: f"{to_pounds(pence)}" for document_id, pence in parts.items()}
    return [Box(row.document, row.open_pence, typed.get(row.document.id, "")) for row in rows]


def read(rows: Sequence[Box], form: Mapping[str, str]) -> list[Box]:
    """The same with what was sent, each with what is wrong with it."""
    return [_read(row, form.get(row.name, "").strip()) for row in rows]


def parts_of(rows: Sequence[Box]) -> dict[int, int]:
    """{invoice id: pence} of boxes without errors; empty ones are left out."""
    pence = {row.document.id: to_pence(cells.number(row.typed) or Decimal(0)) for row in rows if not row.error}
    return {document_id: part for document_id, part in pence.items() if part}


def _open(document: Document) -> int:
    return 0 if document.tax_is_to_come else document.balance_pence


def _read(row: Box, typed: str) -> Box:
    return Box(row.document, row.open_pence, typed, _fault(row, typed))


def _fault(row: Box, typed: str) -> str:
    try:
        value = cells.number(typed) or Decimal(0)
    except ValueError:
        return f"Enter an amount such as {to_pounds(row.open_pence)}."
    if value < 0 or to_pounds(to_pence(value)) != value:
        return "Enter an amount above nought, with at most two decimals."
    if to_pence(value) > row.open_pence:
        return _too_much(row)
    return ""


def _too_much(row: Box) -> str:
    if row.document.tax_is_to_come:
        return tax_to_come(row.document)
    return f"Only {amount(row.open_pence, row.document.currency)} is open on it."
