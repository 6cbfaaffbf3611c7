"""An invoice or credit note on paper."""

from __future__ import annotations

from collections.abc import Iterator

from app.billing.document import Document
from app.billing.kinds import ISSUED, DocumentKind, DocumentStatus
from app.billing.line import DocumentLine
from app.web.filters import NOTHING, day, money, number, price
from app.web.invoices.tax_summary import RateSum
from app.web.papers import drawing
from app.web.papers.parties import address_of, issuer_of

_SHARES = (0.46, 0.12, 0.16, 0.11, 0.15)
_UNTAXED = "Not valid: the sales tax is still to come"
_MARKS = {DocumentStatus.DRAFT: "Draft: not valid", DocumentStatus.VOID: "Void"}


def drawn(document: Document, rates: list[RateSum]) -> bytes:
    """The PDF. `rates` is its tax rate by rate, as its page shows it."""
    client = address_of(document.client) if document.client else []
    parts = [
        drawing.head(DocumentKind(document.kind).word, issuer_of(document.entity), mark(document)),
        drawing.GAP,
        drawing.addressed(client, list(_facts(document))),
        drawing.GAP,
        drawing.table(
            ("Description", "Quantity", "Unit price", "Discount", "Net"),
            [_line(line, document.currency) for line in document.lines],
            _SHARES,
        ),
        drawing.GAP,
        drawing.sums(list(sums(document, rates))),
        *([drawing.GAP, drawing.words(document.memo)] if document.memo else []),
    ]
    return drawing.paper(document.title, parts)


def mark(document: Document) -> str:
    """Where it is not to be paid: as long as it is a draft, once it is void, and before its tax is known."""
    if document.awaits_tax and document.status in ISSUED:
        return _UNTAXED
    return _MARKS.get(document.status, "")


def _facts(document: Document) -> Iterator[tuple[str, str]]:
    yield "Number", document.number or NOTHING
    yield "Date", day(document.issue_date)
    if document.due_date:
        yield "Due", day(document.due_date)
    if document.term:
        yield "Terms", document.term.name


def _line(line: DocumentLine, currency: str) -> list[str]:
    if line.is_comment:
        return [line.description, "", "", "", ""]
    discount = money(-line.discount_pence, currency) if line.discount_pence else ""
    return [
        line.description,
        number(line.quantity),
        price(line.unit_price, currency),
        discount,
        money(line.net_pence, currency),
    ]


def sums(document: Document, rates: list[RateSum]) -> Iterator[tuple[str, str]]:
    """The sums below its lines, as word and amount."""
    currency = document.currency
    yield "Net", money(document.net_pence, currency)
    if not rates:
        yield "Tax", money(document.tax_pence, currency) if document.tax_pence or not document.awaits_tax else NOTHING
    for rate in rates:
        yield f"{rate.label} on {money(rate.net_pence, currency)}", money(rate.tax_pence, currency)
    if document.rounding_adjustment_pence:
        yield "Rounding", money(document.rounding_adjustment_pence, currency)
    yield "Total", money(document.owed_pence, currency)
    if document.settled_pence:
        yield "Paid" if document.kind is DocumentKind.INVOICE else "Used", money(-document.settled_pence, currency)
        yield "Still owed" if document.kind is DocumentKind.INVOICE else "Left", money(document.balance_pence, currency)
