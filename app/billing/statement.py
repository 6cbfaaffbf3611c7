"""A statement of account: what a client owed when a period began, all that happened in it, and what is owed now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, select, union
from sqlalchemy.orm import selectinload

from app.billing.document import Document
from app.billing.kinds import ISSUED, DocumentKind
from app.billing.owing import Account
from app.billing.payment import Allocation, Payment, PaymentState
from app.billing.queries import OWED_PENCE
from app.foundation.database import db
from app.outbox.models import Subject


@dataclass(frozen=True)
class Entry:
    """One document or payment; pence that were added to what is owed, below nought where they lessened it."""

    day: date
    subject: Subject
    title: str
    pence: int
    due: date | None = None


@dataclass(frozen=True)
class Row:
    """An entry, and what was owed after it."""

    entry: Entry
    balance_pence: int


@dataclass(frozen=True)
class Statement:
    """From one day to another, both included."""

    since: date
    until: date
    opening_pence: int
    rows: tuple[Row, ...]

    @property
    def closing_pence(self) -> int:
        """What is owed in the end."""
        return self.rows[-1].balance_pence if self.rows else self.opening_pence

    @property
    def closing_word(self) -> str:
        """Whose the closing balance is, for beside its amount without a sign; said to the client."""
        return "Balance owed" if self.closing_pence >= 0 else "In credit"

    @property
    def charged_pence(self) -> int:
        """What was added in the period."""
        return sum(row.entry.pence for row in self.rows if row.entry.pence > 0)

    @property
    def credited_pence(self) -> int:
        """What lessened it in the period."""
        return -sum(row.entry.pence for row in self.rows if row.entry.pence < 0)


def laid_out(entries: Iterable[Entry], since: date, until: date) -> Statement:
    """The statement of a period from all that ever happened, in whatever order. Pure."""
    known = sorted(entries, key=lambda entry: (entry.day, entry.pence < 0, entry.subject))
    opening = sum(entry.pence for entry in known if entry.day < since)
    within = [entry for entry in known if since <= entry.day <= until]
    balances = list(accumulate((entry.pence for entry in within), initial=opening))[1:]
    rows = tuple(Row(entry, balance) for entry, balance in zip(within, balances, strict=True))
    return Statement(since, until, opening, rows)


def statement_of(account: Account, since: date, until: date, elsewhere: Mapping[int, int]) -> Statement:
    """The statement of an account. `elsewhere` are pence of payments, by payment, that are on nobody's books here."""
    entries = [*_documents(account, until), *_payments(account, until, elsewhere), *_from_others(account, until)]
    return laid_out(entries, since, until)


def accounts_ever(client_id: int) -> list[Account]:
    """Every account on which something was issued to or received from a client."""
    issued = select(Document.billing_entity_id, Document.currency).where(
        Document.client_id == client_id, Document.status.in_(ISSUED)
    )
    received = select(Payment.billing_entity_id, Payment.currency).where(Payment.client_id == client_id)
    found = db.session.execute(union(issued, received))
    return sorted(Account(client_id, entity_id, currency) for entity_id, currency in found)


def payments_on(account: Account) -> list[Payment]:
    """The live payments of an account, with what they are divided over."""
    parts = selectinload(Payment.allocations).selectinload(Allocation.document)
    live = select(Payment).where(*_on(Payment, account), Payment.state == PaymentState.LIVE)
    return list(db.session.scalars(live.options(parts)))


def _documents(account: Account, until: date) -> list[Entry]:
    to_come = and_(Document.awaits_tax, not_(Document.kept_back)).label("tax_to_come")
    columns = (Document.id, Document.kind, Document.number, Document.issue_date, Document.due_date, to_come)
    wanted = select(*columns, OWED_PENCE.label("pence")).where(
        *_on(Document, account), Document.status.in_(ISSUED), Document.issue_date <= until
    )
    return [
        Entry(
            day=row.issue_date,
            subject=Subject(row.kind.value, row.id),
            title=f"{DocumentKind(row.kind).word} {row.number}{', sales tax to come' if row.tax_to_come else ''}",
            pence=-row.pence if row.kind is DocumentKind.CREDIT_NOTE else row.pence,
            due=row.due_date if row.kind is DocumentKind.INVOICE else None,
        )
        for row in db.session.execute(wanted)
    ]


def _payments(account: Account, until: date, elsewhere: Mapping[int, int]) -> list[Entry]:
    """The use of a credit moves nothing: what it took from one document it put on another.

    What went to documents of other clients, as where one pays for those below it, lessens nothing on this account.
    """
    others = _for_others(account)
    columns = (Payment.id, Payment.received_on, Payment.reference, Payment.amount_pence)
    live = (Payment.state == PaymentState.LIVE, Payment.received_on <= until, Payment.amount_pence != 0)
    return [
        Entry(
            day=row.received_on,
            subject=Subject("payment", row.id),
            title=f"Payment {row.reference}".strip(),
            pence=elsewhere.get(row.id, 0) + others.get(row.id, 0) - row.amount_pence,
        )
        for row in db.session.execute(select(*columns).where(*_on(Payment, account), *live))
    ]


def _for_others(account: Account) -> dict[int, int]:
    """{payment of this account: pence that settle documents of other clients}."""
    parts = _parts(Payment.id).where(*_on(Payment, account), Document.client_id != account.client_id)
    return {payment_id: int(pence) for payment_id, pence in db.session.execute(parts.group_by(Payment.id))}


def _from_others(account: Account, until: date) -> list[Entry]:
    """What payments of other clients settle of the documents of this account."""
    columns = (Payment.id, Payment.received_on, Payment.reference)
    parts = _parts(*columns).where(*_on(Document, account), Payment.client_id != account.client_id)
    return [
        Entry(day=received_on, subject=Subject("payment", id_), title=f"Payment {reference}".strip(), pence=-int(pence))
        for id_, received_on, reference, pence in db.session.execute(
            parts.where(Payment.received_on <= until).group_by(*columns)
        )
    ]


def _parts(*columns: Any) -> Select[Any]:
    """Live payments with what they put on documents, credit notes counted down; to be narrowed and grouped."""
    signed = case((Document.kind == DocumentKind.CREDIT_NOTE, -Allocation.amount_pence), else_=Allocation.amount_pence)
    summed = select(*columns, func.sum(signed)).join(Allocation, Allocation.payment_id == Payment.id)
    return summed.join(Document, Document.id == Allocation.document_id).where(Payment.state == PaymentState.LIVE)


def _on(table: type[Document | Payment], account: Account) -> tuple[ColumnElement[bool], ...]:
    return (
        table.client_id == account.client_id,
        table.billing_entity_id == account.billing_entity_id,
        table.currency == account.currency,
    )
