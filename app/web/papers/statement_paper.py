"""A statement of account on paper."""

from __future__ import annotations

from app.billing.client import Client
from app.billing.entity import BillingEntity
from app.billing.statement import Row, Statement
from app.web.filters import day, money
from app.web.papers import drawing
from app.web.papers.parties import address_of, issuer_of

_SHARES = (0.14, 0.34, 0.14, 0.19, 0.19)


def drawn(told: Statement, client: Client, entity: BillingEntity, currency: str) -> bytes:
    """The PDF."""
    facts = [("From", day(told.since)), ("Until", day(told.until)), ("Currency", currency)]
    opening = ["", "Opening balance", "", "", money(told.opening_pence, currency)]
    rows = [opening, *(_row(row, currency) for row in told.rows)]
    title = f"Statement of account, {client.company_name or client.name}, {day(told.until)}"
    parts = [
        drawing.head("Statement", issuer_of(entity)),
        drawing.GAP,
        drawing.addressed(address_of(client), facts),
        drawing.GAP,
        drawing.table(("Date", "Document", "Due", "Amount", "Balance"), rows, _SHARES, words=3),
        drawing.GAP,
        drawing.sums([(told.closing_word, money(abs(told.closing_pence), currency))]),
    ]
    return drawing.paper(title, parts)


def _row(row: Row, currency: str) -> list[str]:
    entry = row.entry
    due = day(entry.due) if entry.due else ""
    return [day(entry.day), entry.title, due, money(entry.pence, currency), money(row.balance_pence, currency)]
