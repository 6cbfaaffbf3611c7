"""A statement of account on paper."""

from __future__ import annotations

from app.billing.aging import AGES, Debtor
from app.billing.client import Client
from app.billing.entity import BillingEntity
from app.billing.statement import Row, Statement
from app.web.formats import Format
from app.web.papers import drawing
from app.web.papers.parties import address_of, issuer_of
from app.web.voice import voice_of

_AGE_SHARES = (1 / 7,) * 7
_SHARES = (0.14, 0.34, 0.14, 0.19, 0.19)


def drawn(
    told: Statement, client: Client, entity: BillingEntity, currency: str, *, ages: Debtor | None = None
) -> bytes:
    """The PDF, as the billing entity writes. `ages` is what is owed in the end by its age."""
    spoken = voice_of(entity)
    written = spoken.format
    facts = [("From", written.day(told.since)), ("Until", written.day(told.until)), ("Currency", currency)]
    opening = ["", "Opening balance", "", "", written.money(told.opening_pence, currency)]
    rows = [opening, *(_row(row, currency, written) for row in told.rows)]
    title = f"Statement of account, {client.company_name or client.name}, {written.day(told.until)}"
    parts = [
        drawing.head("Statement", issuer_of(entity)),
        drawing.GAP,
        drawing.addressed(address_of(client, entity), facts),
        drawing.GAP,
        drawing.table(("Date", "Document", "Due", "Amount", "Balance"), rows, _SHARES, words=3),
        drawing.GAP,
        drawing.sums([(told.closing_word, written.money(abs(told.closing_pence), currency))]),
    ]
    if ages is not None:
        parts += [drawing.GAP, drawing.table((*AGES, "Credit", "Total"), [_ages(ages, written)], _AGE_SHARES, words=0)]
    return drawing.paper(title, parts, spoken.words.sheet)


def _ages(line: Debtor, written: Format) -> list[str]:
    sums = (*line.by_age, -line.credit_pence, line.total_pence)
    return [written.money(pence, line.currency) for pence in sums]


def _row(row: Row, currency: str, written: Format) -> list[str]:
    entry = row.entry
    due = written.day(entry.due) if entry.due else ""
    sums = [written.money(pence, currency) for pence in (entry.pence, row.balance_pence)]
    return [written.day(entry.day), entry.title, due, *sums]
