"""What a person or a file says a document contains, and how it is put into the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.billing import sales_tax
from app.billing.client import Client
from app.billing.document import Document
from app.billing.entity import BillingEntity, TaxRegime
from app.billing.line import DocumentLine
from app.billing.tax import TaxCode
from app.billing.terms import PaymentTerm
from app.billing.totals import NOTHING, Totals, line_amounts, totals
from app.foundation.database import db


@dataclass(frozen=True, slots=True)
class LineContent:
    """One line: prices in pounds, up to 7 decimals. Without service and quantity it is a comment."""

    description: str = ""
    service_id: int | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    discount_percent: Decimal = NOTHING
    tax_code_id: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """All that can be edited on a document.

    A currency of None is the client's, or the entity's own; a due date of None follows from the term.
    """

    client_id: int | None
    issue_date: date
    due_date: date | None = None
    term_id: int | None = None
    currency: str | None = None
    memo: str = ""
    lines: tuple[LineContent, ...] = field(default=())


def charged_percents(entity: BillingEntity) -> dict[int, Decimal]:
    """By id of a tax code, how many percent we add to the bill; nothing where somebody else computes the tax."""
    if entity.tax_regime is not TaxRegime.UK:
        return {}
    return {code.id: code.charged_percent for code in db.session.scalars(select(TaxCode))}


def content_totals(lines: tuple[LineContent, ...], percents: Mapping[int, Decimal]) -> Totals:
    """What such lines come to, without writing anything; for the editor's preview."""
    return totals(
        (
            line_amounts(line.quantity, line.unit_price, line.discount_percent).net_pence,
            percents.get(line.tax_code_id or 0, NOTHING),
        )
        for line in lines
    )


def currency_of(content: DocumentContent, entity: BillingEntity) -> str:
    """What it is billed in: its own currency, else its client's, else its entity's."""
    client = db.session.get(Client, content.client_id) if content.client_id and not content.currency else None
    return content.currency or (client.currency if client else None) or entity.home_currency


def write_content(document: Document, content: DocumentContent, percents: Mapping[int, Decimal]) -> None:
    """Make the document say this, and compute its totals. A rounding that was taken over before is forgotten."""
    document.client_id = content.client_id
    document.issue_date = content.issue_date
    document.due_date = content.due_date or _due(content)
    document.term_id = content.term_id
    document.currency = currency_of(content, document.entity)
    document.memo = content.memo
    document.lines = [_line(position, line) for position, line in enumerate(content.lines, start=1)]
    compute(document, percents)


def compute(document: Document, percents: Mapping[int, Decimal]) -> None:
    """Derive the totals from the lines. Tax that was taken over from the accounting side stays until it answers."""
    taxed = ((line.net_pence, percents.get(line.tax_code_id or 0, NOTHING)) for line in document.lines)
    sums = totals(taxed)
    document.net_pence = sums.net_pence
    document.awaits_tax = document.entity.tax_regime is TaxRegime.US_AUTOMATED
    document.reckoned_tax_pence = sales_tax.expected_of(document) if document.awaits_tax else None
    if not document.awaits_tax:
        document.tax_pence = sums.tax_pence
    document.gross_pence = document.net_pence + (document.tax_pence or 0)
    document.rounding_adjustment_pence = 0


def content_of(document: Document) -> DocumentContent:
    """What a document contains now; for the editor, for copies and for comparing."""
    return DocumentContent(
        client_id=document.client_id,
        issue_date=document.issue_date,
        due_date=document.due_date,
        term_id=document.term_id,
        currency=document.currency,
        memo=document.memo,
        lines=tuple(_line_content(line) for line in document.lines),
    )


def turned_round(content: DocumentContent) -> DocumentContent:
    """The same with all quantities reversed: what an invoice below nought says as a credit note."""
    return replace(content, lines=tuple(_reversed(line) for line in content.lines))


def _due(content: DocumentContent) -> date | None:
    term = db.session.get(PaymentTerm, content.term_id) if content.term_id else None
    return term.due(content.issue_date) if term else None


def _reversed(line: LineContent) -> LineContent:
    return line if line.quantity is None else replace(line, quantity=-line.quantity)


def _line(position: int, line: LineContent) -> DocumentLine:
    amounts = line_amounts(line.quantity, line.unit_price, line.discount_percent)
    return DocumentLine(
        position=position,
        service_id=line.service_id,
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        tax_code_id=line.tax_code_id,
        amount_pence=amounts.amount_pence,
        discount_pence=amounts.discount_pence,
        net_pence=amounts.net_pence,
    )


def _line_content(line: DocumentLine) -> LineContent:
    return LineContent(
        description=line.description,
        service_id=line.service_id,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        tax_code_id=line.tax_code_id,
    )
