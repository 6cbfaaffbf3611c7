"""A payment of QuickBooks applied here, allocation by allocation; the same told again changes nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select

from app.billing import receiving, timeline
from app.billing.document import Document
from app.billing.facts import LearntPayment
from app.billing.payment import Payment, PaymentOrigin, PaymentState
from app.billing.wording import amount
from app.foundation import clock
from app.foundation.database import db
from app.outbox import lanes, tray
from app.quickbooks.answers import UNTOUCHED, PaymentSeen
from app.quickbooks.models import Connection
from app.sync.answered.ground import ENGINE
from app.sync.company.connecting import lane_of
from app.sync.payments import twins, untold
from app.sync.payments.parts import parts_of
from app.sync.records.effects import KNOWN, OLDER, AnswerIsOutError, Effect, is_older
from app.sync.records.links import Link, LinkMade, LinkState, links_to

ENTITY = twins.ENTITY
_FLYING = Effect(changed=False, sentence="Our own payment; QuickBooks is just being told of it.")
_NOT_FOR_US = Effect(changed=False, sentence="It pays nothing of ours.")


class Rests(NamedTuple):
    """Pence that nothing has taken up yet, and pence on documents (or, below nought, from credits) that aren't ours."""

    unapplied_pence: int
    elsewhere_pence: int


def take_in(connection: Connection, seen: PaymentSeen) -> Effect:
    """Make our side say what QuickBooks shows; the same told again changes nothing, an older picture neither.

    Inside the caller's transaction. Raises AnswerIsOutError where it is to be read again later.
    """
    link = links_to(connection.id, ENTITY, [seen.id]).get(seen.id)
    if link is not None and is_older(seen.sync_token, link.sync_token):
        return OLDER
    if link is None and seen.voided:
        _leave_to_its_answer(connection, seen)
    if seen.voided or seen.deleted:
        return remove(connection.id, seen.id, PaymentState.VOID if seen.voided else PaymentState.REMOVED)
    return _apply(connection, seen, link)


def _leave_to_its_answer(connection: Connection, seen: PaymentSeen) -> None:
    """What was done there to a payment of ours that is just being told is taken in behind its answer, which is older.

    Raises AnswerIsOutError, for it has to be read again then.
    """
    twin = twins.of_ours(connection, seen)
    if twin is not None and seen.sync_token != UNTOUCHED and twins.is_flying(connection, twin):
        raise AnswerIsOutError


def take_theirs(connection: Connection, seen: PaymentSeen) -> None:
    """As `take_in`, whatever ours says and was still to tell: a person wants it to count here as it does there."""
    link = links_to(connection.id, ENTITY, [seen.id]).get(seen.id)
    if link is None or seen.voided or seen.deleted:
        take_in(connection, seen)
        return
    parts = parts_of(connection.id, seen.allocations, is_known=True)
    linked = db.session.get_one(Payment, link.subject_id)
    _tie(connection.id, receiving.apply_learnt(_learnt(connection, seen, parts, linked)), seen, link)


def _apply(connection: Connection, seen: PaymentSeen, link: Link | None) -> Effect:
    if link is None:
        return _apply_new(connection, seen)
    if held := _held_here(link, seen):
        return held
    parts = parts_of(connection.id, seen.allocations, is_known=True)
    return KNOWN if _is_known(link, seen, parts) else _take_over(connection, seen, parts, link)


def _apply_new(connection: Connection, seen: PaymentSeen) -> Effect:
    """One that is linked to nothing yet: recorded here too, or about documents of ours, or nothing to us."""
    twin = twins.of_ours(connection, seen)
    if twin is not None:
        return join(connection, twin, seen)
    parts = parts_of(connection.id, seen.allocations, is_known=False)
    return _take_over(connection, seen, parts, None) if parts else _NOT_FOR_US


def _take_over(
    connection: Connection, seen: PaymentSeen, parts: list[tuple[Document, int]], link: Link | None
) -> Effect:
    linked = db.session.get(Payment, link.subject_id) if link else None
    learnt = _learnt(connection, seen, parts, linked)
    if link is not None and linked is not None and untold.is_untold(link, linked):
        payment = _give_up(link, linked, learnt)
    else:
        payment = receiving.apply_learnt(learnt)
    _tie(connection.id, payment, seen, link)
    return Effect(changed=True, sentence=_said(seen, payment, [document for document, _pence in parts]))


def _give_up(link: Link, payment: Payment, learnt: LearntPayment) -> Payment:
    """What is still to be told gives way to theirs, and that is reported."""
    ours, is_same_amount = untold.said(payment), payment.amount_pence == learnt.amount_pence
    payment = receiving.apply_learnt(learnt)
    if untold.said(payment) != ours:
        untold.given_up(link, ours, payment, is_same_amount=is_same_amount)
    return payment


def join(connection: Connection, payment: Payment, seen: PaymentSeen) -> Effect:
    """Link a payment that was recorded here to the one that QuickBooks has, in the caller's transaction.

    What is divided there counts. Where nothing is, ours stays divided as it was, and that is told. One that is just
    being told is left to its answer; one that was voided here is voided there too.
    """
    if twins.is_flying(connection, payment):
        _leave_to_its_answer(connection, seen)
        return _FLYING
    if lanes.pending_among([payment.subject], lane_of(connection)):
        tray.post(payment.subject, lane_of(connection))  # decided as one that was not there; perhaps held for that
    if payment.state is not PaymentState.LIVE:
        return _void_there(connection, payment, seen)
    parts = parts_of(connection.id, seen.allocations, is_known=False)
    if seen.allocations or seen.total_pence != payment.amount_pence:
        payment = receiving.apply_learnt(_learnt(connection, seen, parts, payment))
    link = _tie(connection.id, payment, seen, None)
    if not seen.allocations and payment.allocations:
        link.told_revision = None
    sentence = f"It is in QuickBooks already, as payment {seen.id}: the two are linked."
    timeline.note(payment.subject, "linked", sentence, actor=ENGINE, details={"remote_id": seen.id})
    return Effect(changed=True, sentence=f"Payment {seen.id} is the one that was recorded here; the two are linked.")


def _void_there(connection: Connection, payment: Payment, seen: PaymentSeen) -> Effect:
    """It carries our marker, and was given up or voided here before we knew that QuickBooks has it."""
    link = _tie(connection.id, payment, seen, None)
    link.made, link.told_revision = LinkMade.ADOPTED, None
    tray.post(payment.subject, lane_of(connection))
    return Effect(changed=True, sentence=f"Payment {seen.id} was voided here; QuickBooks is to hear of it.")


def _held_here(link: Link, seen: PaymentSeen) -> Effect | None:
    """What a picture of a payment that was recorded here must not undo: an echo, or what is still to be told."""
    payment = db.session.get_one(Payment, link.subject_id)
    if payment.origin is not PaymentOrigin.HERE or link.state is not LinkState.LIVE:
        return None
    if seen.sync_token == link.sync_token:
        return KNOWN
    if payment.state is PaymentState.LIVE:
        return untold.kept(link, payment, seen)
    link.sync_token = seen.sync_token
    return Effect(changed=True, sentence=f"Payment {seen.id} was voided here; QuickBooks is to hear of it.")


def remove(connection_id: int, remote_id: str, state: PaymentState) -> Effect:
    """A payment was voided or deleted there: take it back here."""
    link = links_to(connection_id, ENTITY, [remote_id]).get(remote_id)
    if link is None:
        return _NOT_FOR_US
    if link.state is not LinkState.LIVE:
        return KNOWN
    link.state = LinkState.VOIDED if state is PaymentState.VOID else LinkState.REMOVED
    payment = receiving.remove_learnt(link.subject_id, state)
    word = "voided" if state is PaymentState.VOID else "deleted"
    numbers = ", ".join(sorted(part.document.title for part in payment.allocations))
    opened = f" {numbers} opened again." if numbers else ""
    return Effect(changed=True, sentence=f"Payment {remote_id} was {word} in QuickBooks.{opened}")


def rests_of(payment: Payment) -> Rests:
    """What of a payment is on no document of ours; QuickBooks' own figure parts the two where it told us of it."""
    return rests_of_all([payment])[payment.id]


def rests_of_all(payments: Collection[Payment]) -> dict[int, Rests]:
    """The same of many: {payment id: its rests}."""
    ids = [payment.id for payment in payments]
    told = select(Link).where(Link.kind == "payment", Link.subject_id.in_(ids)).order_by(Link.id)
    links = {link.subject_id: link for link in db.session.scalars(told)}
    return {payment.id: _rests(payment, links.get(payment.id)) for payment in payments}


def _rests(payment: Payment, link: Link | None) -> Rests:
    """One that was divided anew here, which QuickBooks is still to hear of, is known here alone."""
    rest = payment.unapplied_pence
    if link is None or link.balance_pence is None:
        return Rests(rest, 0)
    is_told = payment.origin is PaymentOrigin.LEARNT or link.told_revision == payment.revision
    return Rests(link.balance_pence, rest - link.balance_pence) if is_told else Rests(rest, 0)


def _is_known(link: Link, seen: PaymentSeen, parts: list[tuple[Document, int]]) -> bool:
    """The same version, divided over the same documents of ours: one may have been linked since."""
    payment = db.session.get_one(Payment, link.subject_id)
    applied = {part.document_id: part.amount_pence for part in payment.allocations}
    told = {document.id: pence for document, pence in parts if pence}
    return link.sync_token == seen.sync_token and link.state is LinkState.LIVE and applied == told


def _said(seen: PaymentSeen, payment: Payment, documents: list[Document]) -> str:
    states = [f"{document.title} is {document.status.value.replace('_', ' ')}" for document in documents]
    what = ", ".join(states) or "no document of ours is paid by it any more"
    return f"Payment {seen.id} of {amount(seen.total_pence, payment.currency)}: {what}."


def _learnt(
    connection: Connection, seen: PaymentSeen, parts: list[tuple[Document, int]], linked: Payment | None
) -> LearntPayment:
    client_id = _client_id(connection.id, seen, parts, linked)
    before = linked or _cut_loose(connection, seen, client_id)
    invoices = tuple((document.id, pence) for document, pence in parts if document.kind.value == "invoice")
    credits_ = tuple((document.id, pence) for document, pence in parts if document.kind.value == "credit_note")
    return LearntPayment(
        payment_id=before.id if before else None,
        client_id=client_id,
        billing_entity_id=connection.billing_entity_id,
        received_on=seen.txn_date or clock.now().date(),
        amount_pence=seen.total_pence,
        currency=seen.currency or connection.home_currency,
        exchange_rate=seen.rate,
        reference=_reference_kept(seen, before),
        method=_method(before),
        allocations=invoices,
        credits=credits_,
    )


def _cut_loose(connection: Connection, seen: PaymentSeen, client_id: int) -> Payment | None:
    """The payment as we learnt it from a company whose disconnection once cleared its link and kept the payment.

    Links of payments outlive a disconnect now; one that is known by its id is never taken for another.
    """
    linked = select(Link.subject_id).where(Link.entity == ENTITY)
    same = select(Payment).where(
        Payment.billing_entity_id == connection.billing_entity_id,
        Payment.origin == PaymentOrigin.LEARNT,
        Payment.state == PaymentState.LIVE,
        Payment.client_id == client_id,
        Payment.amount_pence == seen.total_pence,
        Payment.received_on == seen.txn_date,
        Payment.reference == _reference(seen),
        Payment.id.not_in(linked),
    )
    return db.session.scalars(same.order_by(Payment.id).limit(1)).first()


def _reference(seen: PaymentSeen) -> str:
    return seen.reference or f"QuickBooks payment {seen.id}"


def _method(before: Payment | None) -> str:
    return before.method if before is not None and before.origin is PaymentOrigin.HERE else "QuickBooks"


def _reference_kept(seen: PaymentSeen, before: Payment | None) -> str:
    """Ours may be longer than QuickBooks keeps, or be none at all."""
    if before is None or before.origin is not PaymentOrigin.HERE:
        return _reference(seen)
    same = before.reference[: twins.LONGEST_REFERENCE].strip() == seen.reference
    return before.reference if same or not seen.reference else seen.reference


def _client_id(connection_id: int, seen: PaymentSeen, parts: list[tuple[Document, int]], before: Payment | None) -> int:
    customer = links_to(connection_id, "Customer", [seen.customer_id]).get(seen.customer_id)
    if customer is not None:
        return customer.subject_id
    owner = next((document.client_id for document, _pence in parts if document.client_id), None)
    return owner or (before.client_id if before else 0)


def _tie(connection_id: int, payment: Payment, seen: PaymentSeen, link: Link | None) -> Link:
    if link is None:
        link = Link(
            connection_id=connection_id,
            kind="payment",
            subject_id=payment.id,
            entity=ENTITY,
            remote_id=seen.id,
            made=LinkMade.MATCHED,
            linked_at=clock.now(),
        )
        db.session.add(link)
    link.sync_token, link.state = seen.sync_token, LinkState.LIVE
    link.total_pence, link.balance_pence = seen.total_pence, seen.unapplied_pence
    link.remote_updated_at = seen.updated_at
    payment.exchange_rate = seen.rate
    db.session.flush()
    link.told_revision = payment.revision
    return link
