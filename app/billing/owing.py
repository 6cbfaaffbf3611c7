"""What a client still owes, invoice by invoice, and how money that came in is divided over it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from app.billing.client import Client
from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.facts import PaymentFacts
from app.billing.kinds import OWED, DocumentKind
from app.billing.payment import UNAPPLIED, Payment, PaymentOrigin, PaymentState
from app.foundation.database import db


@dataclass(frozen=True, order=True)
class Account:
    """One client's account with one billing entity in one currency: a payment never crosses its border."""

    client_id: int
    billing_entity_id: int
    currency: str


def accounts_of(client: Client, otherwise: BillingEntity) -> list[Account]:
    """The accounts on which invoices of this client are open; where none is, the one they would be on.

    `otherwise` is the billing entity of a client that none has billed yet.
    """
    wanted = select(Document.billing_entity_id, Document.currency).where(*_open(client.id)).distinct()
    found = [Account(client.id, entity_id, currency) for entity_id, currency in db.session.execute(wanted)]
    return sorted(found) or [Account(client.id, otherwise.id, client.currency or otherwise.home_currency)]


def open_invoices(account: Account) -> list[Document]:
    """Invoices on which money is still to come, the oldest first."""
    own = (Document.billing_entity_id == account.billing_entity_id, Document.currency == account.currency)
    wanted = select(Document).where(*_open(account.client_id), *own)
    return list(db.session.scalars(wanted.order_by(Document.issue_date, Document.id)))


def open_to(payment: Payment) -> list[Document]:
    """The invoices that a payment can be divided over: open ones, and those that it settles already."""
    account = Account(payment.client_id, payment.billing_entity_id, payment.currency)
    settled = [part.document for part in payment.allocations if part.document.kind is DocumentKind.INVOICE]
    found = {document.id: document for document in (*settled, *open_invoices(account))}
    return sorted(found.values(), key=lambda document: (document.issue_date, document.id))


def oldest_first(open_pence: Iterable[tuple[int, int]], amount_pence: int) -> dict[int, int]:
    """Divide an amount over (document id, pence open) in the order given; what is left of it is nobody's. Pure."""
    parts: dict[int, int] = {}
    left = amount_pence
    for document_id, pence in open_pence:
        if part := min(pence, left):
            parts[document_id] = part
            left -= part
    return parts


def credits_of(
    client_ids: Collection[int] | None = None, *, entity_id: int | None = None, until: date | None = None
) -> list[Payment]:
    """Live payments with money that no invoice has taken up yet, the oldest first.

    Of these clients, to this billing entity, received until this day; of what is None all.
    """
    wanted = select(Payment).where(UNAPPLIED, Payment.state == PaymentState.LIVE)
    if client_ids is not None:
        wanted = wanted.where(Payment.client_id.in_(client_ids))
    if entity_id is not None:
        wanted = wanted.where(Payment.billing_entity_id == entity_id)
    if until is not None:
        wanted = wanted.where(Payment.received_on <= until)
    return list(db.session.scalars(wanted.order_by(Payment.received_on, Payment.id)))


def recorded_already(facts: PaymentFacts) -> Payment | None:
    """A live payment recorded here that says the same of client, amount, day and reference."""
    same = select(Payment).where(
        Payment.origin == PaymentOrigin.HERE,
        Payment.state == PaymentState.LIVE,
        Payment.client_id == facts.client_id,
        Payment.currency == facts.currency,
        Payment.amount_pence == facts.amount_pence,
        Payment.received_on == facts.received_on,
        Payment.reference == facts.reference,
    )
    return db.session.scalars(same.order_by(Payment.id).limit(1)).first()


def _open(client_id: int) -> tuple[ColumnElement[bool], ...]:
    return Document.client_id == client_id, Document.kind == DocumentKind.INVOICE, Document.status.in_(OWED)
