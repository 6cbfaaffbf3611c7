"""A payment that was recorded here and typed into QuickBooks too is linked, not doubled.

The same: client, amount and currency agree, and either the reference is the same or the days lie near each other.
A bookkeeper enters what the bank statement says, a day or a weekend after it was recorded here. Two that settle
different documents are two, whatever else agrees: one payment too many is seen and voided, one too few is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from sqlalchemy import Select, exists, select

from app.billing.payment import Payment, PaymentOrigin, PaymentState
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Message, MessageState
from app.quickbooks import marker
from app.quickbooks.answers import PaymentSeen
from app.quickbooks.models import Connection
from app.sync.company.connecting import lane_of
from app.sync.judging.forerunners import is_forerunner
from app.sync.payments.parts import parts_of
from app.sync.records.links import Link, links_to

ENTITY = "Payment"
NEAR = timedelta(days=7)
LONGEST_REFERENCE = 21
"""Characters of a reference that QuickBooks keeps (reference 3.11)."""
_OPEN = (*lanes.HELD, MessageState.SENDING)


def of_ours(connection: Connection, seen: PaymentSeen) -> Payment | None:
    """The payment of ours that a record there is, by our marker in it or by what it says; None where there is none.

    Only payments that were recorded here and are linked to no other record there. One that carries a marker is the
    payment that it names and no other, in whatever state or amount; what another organisation told is never ours.
    """
    if _names_a_payment(seen):
        return _marked(connection, seen)
    customer = links_to(connection.id, "Customer", [seen.customer_id]).get(seen.customer_id)
    if customer is None:
        return None
    same = _unlinked(connection).where(
        Payment.state == PaymentState.LIVE,
        Payment.client_id == customer.subject_id,
        Payment.amount_pence == seen.total_pence,
        Payment.amount_pence != 0,
        Payment.currency == (seen.currency or connection.home_currency),
    )
    flying = _flying(connection)
    free = [row for row in db.session.scalars(same.order_by(Payment.id)) if row.id not in flying]
    return nearest(seen, free, _documents(connection, seen)) if free else None


def is_flying(connection: Connection, payment: Payment) -> bool:
    """Whether QuickBooks is just being told of it: the answer to that says the rest.

    Where it is not, what waits or is held about it is locked, and can't leave before the caller's transaction ends.
    """
    about = (Message.kind == "payment", Message.subject_id == payment.id, Message.state.in_(_OPEN))
    found = select(Message).where(*lanes.within(lane_of(connection)), *about).with_for_update()
    messages = db.session.scalars(found.execution_options(populate_existing=True))
    return MessageState.SENDING in {message.state for message in messages}


def nearest(seen: PaymentSeen, ours: Iterable[Payment], documents: Collection[int]) -> Payment | None:
    """The one with the same reference, else of the nearest day; None where none is near. Pure.

    `documents` are the ids of those of ours that the record there settles.
    """
    alike = [payment for payment in ours if is_alike(payment, seen, documents)]
    return min(alike, key=lambda payment: _distance(payment, seen, documents), default=None)


def is_alike(payment: Payment, seen: PaymentSeen, documents: Collection[int]) -> bool:
    """Whether days or references, and what both settle, allow them to be the same; amounts are not looked at. Pure.

    `documents` as for `nearest`. Two references name one payment only where both settle the same document: who types
    it in may copy another word of the bank statement.
    """
    are_divided = bool(payment.allocations) and bool(seen.allocations)
    if are_divided and not _share(payment, documents):
        return False
    if _same_reference(payment, seen):
        return True
    has_two_names = bool(payment.reference.strip()) and bool(seen.reference.strip())
    return _days(payment, seen) <= NEAR and (are_divided or not has_two_names)


def of_theirs(connection: Connection, payment: Payment, there: Iterable[PaymentSeen]) -> PaymentSeen | None:
    """The record of the same customer there that is this payment, marked or alike; None where there is none."""
    rows = [seen for seen in there if not seen.voided and not seen.deleted]
    for seen in rows:
        if _marked(connection, seen) is payment:
            return seen
    taken = links_to(connection.id, ENTITY, [seen.id for seen in rows])
    free = [seen for seen in rows if seen.id not in taken and _says_the_same(connection, payment, seen)]
    return min(free, key=lambda seen: _distance(payment, seen, _documents(connection, seen)), default=None)


def _says_the_same(connection: Connection, payment: Payment, seen: PaymentSeen) -> bool:
    """One with the marker of another payment is that one, however alike."""
    if _names_a_payment(seen) or seen.total_pence != payment.amount_pence:
        return False
    if (seen.currency or connection.home_currency) != payment.currency:
        return False
    return is_alike(payment, seen, _documents(connection, seen))


def _documents(connection: Connection, seen: PaymentSeen) -> set[int]:
    return {document.id for document, _pence in parts_of(connection.id, seen.allocations, is_known=False)}


def _share(payment: Payment, documents: Collection[int]) -> bool:
    return any(part.document_id in documents for part in payment.allocations)


def _distance(payment: Payment, seen: PaymentSeen, documents: Collection[int]) -> tuple[bool, bool, timedelta]:
    return not _same_reference(payment, seen), not _share(payment, documents), _days(payment, seen)


def _names_a_payment(seen: PaymentSeen) -> bool:
    found = marker.find(seen.private_note)
    return found is not None and found.kind == "payment"


def _marked(connection: Connection, seen: PaymentSeen) -> Payment | None:
    found = marker.find(seen.private_note)
    if found is None or found.kind != "payment" or found.organisation_id != connection.organisation_id:
        return None
    named = db.session.scalars(_unlinked(connection).where(Payment.id == found.record_id)).first()
    return None if named is None or _is_lost_one(connection, named, seen) else named


def _is_lost_one(connection: Connection, payment: Payment, seen: PaymentSeen) -> bool:
    """Whether it is one that a restore has made us forget, and whose id this one got; unless it was typed in again."""
    customer = links_to(connection.id, "Customer", [seen.customer_id]).get(seen.customer_id)
    is_same_client = customer is not None and customer.subject_id == payment.client_id
    says_the_same = is_same_client and seen.total_pence == payment.amount_pence
    return is_forerunner(seen.created_at, payment.recorded_at) and not says_the_same


def _unlinked(connection: Connection) -> Select[Payment]:
    """One that was deleted there has had its record: what carries its marker still is a copy."""
    linked = exists().where(Link.connection_id == connection.id, Link.kind == "payment", Link.subject_id == Payment.id)
    return select(Payment).where(
        Payment.billing_entity_id == connection.billing_entity_id,
        Payment.origin == PaymentOrigin.HERE,
        Payment.state != PaymentState.REMOVED,
        ~linked,
    )


def _flying(connection: Connection) -> set[int]:
    flying = select(Message.subject_id).where(
        *lanes.within(lane_of(connection)), Message.kind == "payment", Message.state == MessageState.SENDING
    )
    return set(db.session.scalars(flying))


def _same_reference(payment: Payment, seen: PaymentSeen) -> bool:
    ours = payment.reference.strip()[:LONGEST_REFERENCE].casefold()
    return bool(ours) and ours == seen.reference.strip().casefold()


def _days(payment: Payment, seen: PaymentSeen) -> timedelta:
    return abs(payment.received_on - (seen.txn_date or date.min))
