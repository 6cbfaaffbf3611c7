"""An invoice or credit note on paper."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from app.billing import credit_uses
from app.billing.conventions import title_of_invoice
from app.billing.document import Document
from app.billing.entity import TaxRegime
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.line import DocumentLine
from app.web.formats import NOTHING, Format
from app.web.invoices.tax_summary import RateSum, is_reckoned, on_a_line, tax_at_home, whole_tax
from app.web.papers import drawing
from app.web.papers.parties import address_of, issuer_of, sent_to
from app.web.voice import voice_of

_SHARES = {5: (0.46, 0.12, 0.16, 0.11, 0.15), 6: (0.36, 0.11, 0.15, 0.11, 0.12, 0.15)}
"""Of the width, by how many columns there are."""
_UNTAXED = "Not valid: the sales tax is still to come"
_MARKS = {DocumentStatus.DRAFT: "Draft: not valid", DocumentStatus.VOID: "Void"}


def drawn(document: Document, rates: list[RateSum]) -> bytes:
    """The PDF, as its billing entity writes. `rates` is its tax rate by rate, as its page shows it."""
    client = address_of(document.client, document.entity) if document.client else []
    spoken = voice_of(document.entity)
    headings, rows = rows_of(document)
    parts = [
        drawing.head(title_of(document), issuer_of(document.entity), mark(document)),
        drawing.GAP,
        drawing.addressed(client, list(_facts(document))),
        drawing.GAP,
        drawing.table(headings, rows, _SHARES[len(headings)]),
        drawing.GAP,
        drawing.sums(list(sums(document, rates))),
        *([drawing.GAP, drawing.words(document.memo)] if document.memo else []),
    ]
    return drawing.paper(document.title, parts, spoken.words.sheet)


def title_of(document: Document) -> str:
    """What stands in its head: "Invoice", "Tax invoice", "Credit note"."""
    kind = DocumentKind(document.kind)
    return title_of_invoice(document.entity) if kind is DocumentKind.INVOICE else kind.word


def mark(document: Document) -> str:
    """Where it is not to be paid: as long as it is a draft, once it is void, and before its tax is known."""
    if document.tax_is_to_come:
        return _UNTAXED
    return _MARKS.get(document.status, "")


def _facts(document: Document) -> Iterator[tuple[str, str]]:
    written = voice_of(document.entity).format
    yield "Number", document.number or NOTHING
    yield "Date", written.day(document.issue_date)
    if document.due_date:
        yield "Due", written.day(document.due_date)
    if document.term:
        yield "Terms", document.term.name
    if credited := credits_what(document):
        yield "Credits", credited


def credits_what(document: Document) -> str:
    """The invoices for which a credit note was used, in words; empty for all others."""
    return ", ".join(credit_uses.beside(document).values()) if document.kind is DocumentKind.CREDIT_NOTE else ""


def rows_of(document: Document) -> tuple[tuple[str, ...], list[list[str]]]:
    """The headings of its lines, and the lines; with the rate of each where we compute the tax."""
    spoken = voice_of(document.entity)
    rows = [_line(line, document.currency, spoken.format) for line in document.lines]
    if not is_reckoned(document):
        return ("Description", "Quantity", "Unit price", "Discount", "Net"), rows
    for line, row in zip(document.lines, rows, strict=True):
        row.insert(-1, "" if line.is_comment else on_a_line(line.tax_code, spoken.words))
    return ("Description", "Quantity", "Unit price", "Discount", spoken.words.charged, "Net"), rows


def _line(line: DocumentLine, currency: str, written: Format) -> list[str]:
    if line.is_comment:
        return [line.description, "", "", "", ""]
    discount = written.money(-line.discount_pence, currency) if line.discount_pence else ""
    return [
        line.description,
        written.number(line.quantity),
        written.price(line.unit_price, currency),
        discount,
        written.money(line.net_pence, currency),
    ]


def sums(document: Document, rates: list[RateSum]) -> Iterator[tuple[str, str]]:
    """The sums below its lines, as word and amount."""
    money = partial(voice_of(document.entity).format.money, currency=document.currency)
    yield "Net", money(document.net_pence)
    if rates:
        yield from _taxes(document, rates)
    else:
        is_said = document.tax_pence or not document.awaits_tax
        yield _tax_word(document), money(document.tax_pence) if is_said else NOTHING
        if document.rounding_adjustment_pence:
            yield "Rounding", money(document.rounding_adjustment_pence)
    yield "Total", money(document.owed_pence)
    if document.settled_pence:
        yield _settled_word(document), money(-document.settled_pence)
        yield "Still owed" if document.kind is DocumentKind.INVOICE else "Left", money(document.balance_pence)


def _taxes(document: Document, rates: list[RateSum]) -> Iterator[tuple[str, str]]:
    """The tax rate by rate, what the books round in it, in all, and in the currency in which it is paid."""
    spoken = voice_of(document.entity)
    money = partial(spoken.format.money, currency=document.currency)
    for rate in rates:
        due = f", {money(rate.reversed_pence)}," if rate.reversed_pence else ""
        yield f"{rate.label}{due} on {money(rate.net_pence)}", money(rate.tax_pence)
    if document.rounding_adjustment_pence:
        yield f"Rounding of the {spoken.words.tax}", money(document.rounding_adjustment_pence)
    if (whole := whole_tax(document, rates)) is not None:
        yield f"{spoken.words.charged} in all", money(whole)
    if (at_home := tax_at_home(document)) is not None:
        yield at_home.word, spoken.format.money(at_home.pence)


def lacks(document: Document) -> list[str]:
    """What the law wants on a bill with tax, and this one does not have yet."""
    if not is_reckoned(document) or not document.tax_pence:
        return []
    entity, words = document.entity, voice_of(document.entity).words
    home = entity.home_currency
    client = document.client
    is_loose = document.kind is DocumentKind.CREDIT_NOTE and not (document.memo.strip() or credits_what(document))
    asked = {
        f"your {words.tax_number}": entity.vat_number.strip(),
        "your address": entity.address.strip(),
        "the client's address": client is not None and sent_to(client, entity),
        "the number of the invoice that it credits, as in its memo": not is_loose,
        f"its tax in {home}, which is known once QuickBooks has it": document.home_tax_pence is not None,
    }
    return [word for word, is_there in asked.items() if not is_there]


def _settled_word(document: Document) -> str:
    if document.kind is not DocumentKind.INVOICE:
        return "Used"
    return "Paid and credited" if credit_uses.beside(document) else "Paid"


def _tax_word(document: Document) -> str:
    return "Sales tax" if document.entity.tax_regime is TaxRegime.US_AUTOMATED else "Tax"
