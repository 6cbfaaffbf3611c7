"""Who owes how much, and for how long it has been overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select

from app.billing.client import Client
from app.billing.document import Document
from app.billing.kinds import OWED, DocumentKind, DocumentStatus
from app.billing.queries import OWED_PENCE
from app.foundation.database import db

AGES = ("Current", "1 to 30 days", "31 to 60 days", "61 to 90 days", "Over 90 days")
"""How long past its due day; what is due today is current. A document without a due day is due when it is issued."""
_STEPS = (0, 30, 60, 90)

Credits = Mapping[tuple[int, str], int]
"""{(client id, currency): pence that came in and are on no invoice yet}."""


@dataclass(frozen=True)
class Debtor:
    """What one client owes in one currency, in pence: by age, and what it has to its credit."""

    client_id: int
    client_name: str
    currency: str
    by_age: tuple[int, ...]
    credit_pence: int = 0

    @property
    def owed_pence(self) -> int:
        """All that is open on invoices."""
        return sum(self.by_age)

    @property
    def total_pence(self) -> int:
        """What is open on invoices, less what the client has to its credit."""
        return self.owed_pence - self.credit_pence


@dataclass(frozen=True)
class Total:
    """The same over all clients of one currency."""

    currency: str
    by_age: tuple[int, ...]
    credit_pence: int
    total_pence: int
    overdue_pence: int


def age_of(due: date, today: date) -> int:
    """The place in `AGES` of something due on a day. Pure."""
    return sum(1 for step in _STEPS if (today - due).days > step)


def debtors(today: date, credits_: Credits, client_ids: Collection[int] | None = None) -> list[Debtor]:
    """Every client (of these) that owes or has credit, by name, a line for each currency; `credits_` are theirs.

    `today` is the organisation's day. What was put on an invoice beyond what it came to is the client's credit, as on
    its statement.
    """
    whose = [] if client_ids is None else [Document.client_id.in_(client_ids)]
    owed: defaultdict[tuple[int, str], list[int]] = defaultdict(lambda: [0] * len(AGES))
    for client_id, currency, age, pence in db.session.execute(_by_age(today).where(*whose)):
        owed[client_id, currency][age] += int(pence)
    credit = defaultdict(int, credits_)
    for asked in (_open_credit_notes(), _overpaid()):
        for client_id, currency, pence in db.session.execute(asked.where(*whose)):
            credit[client_id or 0, currency] += int(pence)
    names = _names({client_id for client_id, _currency in (*owed, *credit)})
    rows = [Debtor(key[0], names[key[0]], key[1], tuple(owed[key]), credit[key]) for key in {*owed, *credit}]
    return sorted(rows, key=lambda row: (row.client_name.casefold(), row.client_id, row.currency))


def totals(rows: Iterable[Debtor]) -> list[Total]:
    """Sums by currency, the currency with most rows first. Pure."""
    by_currency: defaultdict[str, list[Debtor]] = defaultdict(list)
    for row in rows:
        by_currency[row.currency].append(row)
    return [_total(*item) for item in sorted(by_currency.items(), key=lambda item: (-len(item[1]), item[0]))]


def _total(currency: str, rows: list[Debtor]) -> Total:
    by_age = tuple(sum(column) for column in zip(*(row.by_age for row in rows), strict=True))
    credit = sum(row.credit_pence for row in rows)
    return Total(currency, by_age, credit, sum(by_age) - credit, sum(by_age[1:]))


def _by_age(today: date) -> Select[Any]:
    due = func.coalesce(Document.due_date, Document.issue_date)
    ages = [(due >= today - timedelta(days=step), age) for age, step in enumerate(_STEPS)]
    age = case(*ages, else_=len(_STEPS))
    return (
        select(Document.client_id, Document.currency, age, func.sum(OWED_PENCE - Document.settled_pence))
        .where(Document.kind == DocumentKind.INVOICE, Document.status.in_(OWED))
        .group_by(Document.client_id, Document.currency, age)
    )


def _open_credit_notes() -> Select[int | None, str, int]:
    return (
        select(Document.client_id, Document.currency, func.sum(OWED_PENCE - Document.settled_pence))
        .where(Document.kind == DocumentKind.CREDIT_NOTE, Document.status.in_(OWED))
        .group_by(Document.client_id, Document.currency)
    )


def _overpaid() -> Select[int | None, str, int]:
    return (
        select(Document.client_id, Document.currency, func.sum(Document.settled_pence - OWED_PENCE))
        .where(
            Document.kind == DocumentKind.INVOICE,
            Document.status == DocumentStatus.PAID,
            Document.settled_pence > OWED_PENCE,
        )
        .group_by(Document.client_id, Document.currency)
    )


def _names(client_ids: set[int]) -> dict[int, str]:
    rows = db.session.execute(select(Client.id, Client.name).where(Client.id.in_(client_ids)))
    return {row.id: row.name for row in rows}
