"""A practice of five years: clients, services, and invoices that were sent, answered and mostly paid, on one ledger.

The last two months are still owed; each invoice left five attempts behind, and each payment came by a webhook.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.billing import catalogue, receiving, tally
from app.billing.catalogue_fields import ServiceFields
from app.billing.client import Client
from app.billing.document import Document
from app.billing.facts import LearntPayment
from app.billing.timeline import Actor
from app.foundation import clock
from app.foundation.database import transaction
from app.quickbooks import catalogue as mirror
from app.quickbooks.models import Connection
from app.sync.listening.deliveries import Delivery, Event, EventState
from app.sync.records.links import Link, LinkMade
from benchmarks.copies import Copies
from benchmarks.ledger import Ledger

_MONTHS = 60
_OWED_MONTHS = 2
_ATTEMPTS_EACH = 5
_ANN = Actor(None, "Ann")


@dataclass(frozen=True)
class Size:
    """How much there is of each; attempts are five for each invoice."""

    services: int
    clients: int
    invoices: int

    def shared_by(self, parts: int) -> Size:
        """One of so many equal parts."""
        return Size(self.services // parts, self.clients // parts, self.invoices // parts)


FULL = Size(services=300, clients=5_000, invoices=200_000)


@dataclass(frozen=True)
class _Pattern:
    """What is copied where an invoice was paid."""

    payment_id: int
    delivery_id: int


def grow(ledger: Ledger, size: Size, report: Callable[[str], None]) -> None:
    """Fill the ledger, whose clients are there already, month by month."""
    with transaction() as session:
        connection_id = session.scalars(select(Connection.id)).one()
        _list(session, connection_id, size.services)
    for back in range(_OWED_MONTHS):
        _write_month(ledger, size, back)
    with transaction() as session:
        paid = _pay(session, session.get_one(Document, ledger.first_invoice_id), connection_id)
    for back in range(_OWED_MONTHS, _MONTHS):
        _write_month(ledger, size, back, paid)
        if back % 12 == 0:
            report(f"{back} months of {size.invoices // _MONTHS:,} invoices each")
    with transaction() as session:
        tally.recount(session)
    ledger.settle_down()


def _list(session: Session, connection_id: int, services: int) -> None:
    """Ours and theirs: what the ledger does not have yet."""
    for n in range(1, services):
        catalogue.create_service(ServiceFields(code=f"S{n:03}", name=f"Service {n}", unit_price=Decimal(n)), actor=_ANN)
    items = [{"Id": f"item-{n}", "SyncToken": "0", "Name": f"Service {n}", "Type": "Service"} for n in range(services)]
    customers = [
        {"Id": f"customer-{client.id}", "SyncToken": "0", "DisplayName": client.name}
        for client in session.scalars(select(Client))
    ]
    for n in range(0, len(customers), 500):
        mirror.note_all(session, connection_id, "Customer", customers[n : n + 500])
    mirror.note_all(session, connection_id, "Item", items)


def _write_month(ledger: Ledger, size: Size, back: int, paid: _Pattern | None = None) -> None:
    """The invoices of the month that lies so many back."""
    number = size.invoices * (back + 1) // _MONTHS - size.invoices * back // _MONTHS
    with transaction() as session:
        copies = ledger.copies(session, number, _month(back))
        first = copies.invoices()
        copies.traces(first, attempts_each=_ATTEMPTS_EACH)
        if paid is not None:
            _copy_payments(copies, first, paid)


def _copy_payments(copies: Copies, first: int, paid: _Pattern) -> None:
    copies.payments(first, paid.payment_id)
    copies.calls(paid.delivery_id)


def _month(back: int) -> datetime:
    return clock.now() - timedelta(days=30 * back + 1)


def _pay(session: Session, invoice: Document, connection_id: int) -> _Pattern:
    """It is paid there, and a call tells of it."""
    payment = receiving.apply_learnt(_whole(invoice))
    session.flush()
    session.add(_link(connection_id, payment.id))
    now = clock.now()
    call = Delivery(mode="live", arrived_at=now, size=2, digest="d" * 64, source="s", body=b"[]", processed_at=now)
    session.add(call)
    session.flush()
    session.add(_event(connection_id, call.id))
    return _Pattern(payment.id, call.id)


def _whole(invoice: Document) -> LearntPayment:
    return LearntPayment(
        client_id=invoice.bill_to.id,
        billing_entity_id=invoice.billing_entity_id,
        received_on=invoice.issue_date,
        amount_pence=invoice.owed_pence,
        currency=invoice.currency,
        allocations=((invoice.id, invoice.owed_pence),),
    )


def _link(connection_id: int, payment_id: int) -> Link:
    return Link(
        connection_id=connection_id,
        kind="payment",
        subject_id=payment_id,
        entity="Payment",
        remote_id="paid-0",
        sync_token="0",  # noqa: S106 - a version number, no secret
        made=LinkMade.MATCHED,
        linked_at=clock.now(),
    )


def _event(connection_id: int, delivery_id: int) -> Event:
    now = clock.now()
    return Event(
        connection_id=connection_id,
        delivery_id=delivery_id,
        remote_event_id="paid-0",
        entity="Payment",
        remote_id="paid-0",
        verb="created",
        at=now,
        due_at=now,
        state=EventState.APPLIED,
        effect="Payment received",
        processed_at=now,
    )
