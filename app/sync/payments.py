"""A payment of QuickBooks applied here, allocation by allocation; the same told again changes nothing."""

from __future__ import annotations

from sqlalchemy import select

from app.billing import receiving
from app.billing.document import Document
from app.billing.facts import LearntPayment
from app.billing.payment import Payment, PaymentState
from app.billing.wording import amount
from app.foundation import clock
from app.foundation.database import db
from app.quickbooks.answers import Allocation, PaymentSeen
from app.quickbooks.models import Connection
from app.sync.kinds import KIND_OF_ENTITY
from app.sync.links import Link, LinkMade, LinkState, links_to

ENTITY = "Payment"


def take_in(connection: Connection, seen: PaymentSeen) -> str | None:
    """Make our side say what QuickBooks shows; returns what changed, None when nothing of ours is touched.

    Inside the caller's transaction. A picture older than the one we know is left aside.
    """
    link = links_to(connection.id, ENTITY, [seen.id]).get(seen.id)
    if link is not None and _is_older(seen, link):
        return None
    if seen.voided or seen.deleted:
        return remove(connection.id, seen.id, PaymentState.VOID if seen.voided else PaymentState.REMOVED)
    parts = _ours(connection.id, seen.allocations)
    if link is None and not parts:
        return None
    payment = receiving.apply_learnt(_learnt(connection, seen, parts, link))
    _tie(connection.id, payment.id, seen, link)
    numbers = ", ".join(sorted(document.number or "" for document, _pence in parts)) or "no invoice of ours"
    return f"Payment {seen.id} of {amount(seen.total_pence, payment.currency)}: {numbers}."


def remove(connection_id: int, remote_id: str, state: PaymentState) -> str | None:
    """A payment was voided or deleted there: take it back here. None when it was never ours."""
    link = links_to(connection_id, ENTITY, [remote_id]).get(remote_id)
    if link is None or link.state is not LinkState.LIVE:
        return None
    link.state = LinkState.VOIDED if state is PaymentState.VOID else LinkState.REMOVED
    receiving.remove_learnt(link.subject_id, state)
    return f"Payment {remote_id} was {'voided' if state is PaymentState.VOID else 'deleted'} in QuickBooks."


def _is_older(seen: PaymentSeen, link: Link) -> bool:
    return _number(seen.sync_token) < _number(link.sync_token)


def _number(sync_token: str) -> int:
    return int(sync_token) if sync_token.isdigit() else 0


def _ours(connection_id: int, allocations: tuple[Allocation, ...]) -> list[tuple[Document, int]]:
    """The parts that fall on documents of ours, with their pence."""
    parts: list[tuple[Document, int]] = []
    for entity in ("Invoice", "CreditMemo"):
        ids = {part.txn_id: part.amount_pence for part in allocations if part.txn_type == entity}
        links = links_to(connection_id, entity, ids)
        for remote_id, link in links.items():
            document = db.session.get(Document, link.subject_id)
            if document is not None and link.kind == KIND_OF_ENTITY[entity]:
                parts.append((document, ids[remote_id]))
    return parts


def _learnt(
    connection: Connection, seen: PaymentSeen, parts: list[tuple[Document, int]], link: Link | None
) -> LearntPayment:
    before = db.session.get(Payment, link.subject_id) if link else None
    invoices = tuple((document.id, pence) for document, pence in parts if document.kind.value == "invoice")
    credits_ = tuple((document.id, pence) for document, pence in parts if document.kind.value == "credit_note")
    return LearntPayment(
        payment_id=before.id if before else None,
        client_id=_client_id(connection.id, seen, parts, before),
        billing_entity_id=connection.billing_entity_id,
        received_on=seen.txn_date or clock.now().date(),
        amount_pence=seen.total_pence,
        currency=seen.currency or connection.home_currency,
        reference=seen.reference or f"QuickBooks payment {seen.id}",
        method="QuickBooks",
        allocations=invoices,
        credits=credits_,
    )


def _client_id(connection_id: int, seen: PaymentSeen, parts: list[tuple[Document, int]], before: Payment | None) -> int:
    customer = links_to(connection_id, "Customer", [seen.customer_id]).get(seen.customer_id)
    if customer is not None:
        return customer.subject_id
    owner = next((document.client_id for document, _pence in parts if document.client_id), None)
    return owner or (before.client_id if before else 0)


def _tie(connection_id: int, payment_id: int, seen: PaymentSeen, link: Link | None) -> None:
    if link is None:
        link = Link(
            connection_id=connection_id,
            kind="payment",
            subject_id=payment_id,
            entity=ENTITY,
            remote_id=seen.id,
            made=LinkMade.MATCHED,
            linked_at=clock.now(),
        )
        db.session.add(link)
    link.sync_token, link.state = seen.sync_token, LinkState.LIVE
    link.total_pence, link.balance_pence = seen.total_pence, seen.unapplied_pence
    link.remote_updated_at = seen.updated_at
    db.session.flush()


def known_payments(connection_id: int) -> dict[str, Link]:
    """Every payment of this connection that we know: {their id: link}."""
    rows = db.session.scalars(select(Link).where(Link.connection_id == connection_id, Link.entity == ENTITY))
    return {link.remote_id: link for link in rows}
