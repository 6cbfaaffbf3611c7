"""Where a payment that was recorded here is with QuickBooks: derived, never stored twice."""

from __future__ import annotations

from app.billing.entity import BillingEntity
from app.billing.payment import Payment, PaymentState
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Message, MessageState
from app.sync.records.links import Link, LinkMade, LinkState, link_of
from app.sync.records.policies import WhenPaidHere, policy_of
from app.sync.records.tied import connection_of
from app.sync.watching.standing import Place, Standing

_PLACES = {
    MessageState.WAITING: Place.WAITING,
    MessageState.SENDING: Place.SENDING,
    MessageState.SKIPPED: Place.SKIPPED,
    MessageState.CANCELLED: Place.NOT_SENT,
    MessageState.DONE: Place.NOT_SENT,
}
_UNSENT = (Place.NOT_SENT, Place.SKIPPED, Place.HELD, Place.FAILED)
_STAYS = "Payments recorded here stay here, as the policy says."


def of_payment(payment: Payment) -> Standing:
    """The standing of one payment that was recorded here, in its entity's present mode."""
    entity = db.session.get_one(BillingEntity, payment.billing_entity_id)
    connection = connection_of(entity.lane)
    if connection is None:
        return Standing(Place.NOT_SENT, "QuickBooks is not connected.")
    message = lanes.latest_of([payment.subject], entity.lane).get(payment.subject)
    stays = policy_of(connection.id).payments_here is WhenPaidHere.STAY
    if message is not None and message.state in {*lanes.HELD, MessageState.SENDING}:
        return _on_its_way(message, stays=stays and not (message.reason or message.asked))
    if link := link_of(connection.id, payment.subject):
        return _there(payment, link)
    return _not_there(message, _STAYS if stays else "It was not sent to QuickBooks.")


def may_be_sent(payment: Payment) -> bool:
    """Whether asking for it to be sent could change anything: a company is there that does not have it."""
    entity = db.session.get_one(BillingEntity, payment.billing_entity_id)
    return connection_of(entity.lane) is not None and of_payment(payment).place in _UNSENT


def of_a_void(payment: Payment) -> str:
    """What QuickBooks will hear once this payment is voided here, in a sentence."""
    entity = db.session.get_one(BillingEntity, payment.billing_entity_id)
    connection = connection_of(entity.lane)
    link = link_of(connection.id, payment.subject) if connection else None
    if connection is None or link is None or link.state is not LinkState.LIVE:
        return "QuickBooks does not have it; if it waits to be sent, it is taken back."
    if policy_of(connection.id).payments_here is WhenPaidHere.STAY:
        return f"Payments recorded here stay here: payment {link.remote_id} in QuickBooks has to be voided there."
    return f"Payment {link.remote_id} in QuickBooks is voided too."


def _on_its_way(message: Message, *, stays: bool) -> Standing:
    """One that has only been posted is skipped in its turn where payments stay here: it waits for nothing."""
    if stays and message.state is MessageState.WAITING:
        return Standing(Place.SKIPPED, _STAYS, message_id=message.id)
    if message.state is MessageState.PARKED:
        itself = message.blocker == lanes.blocker_of(message.subject)
        place = Place.FAILED if itself else Place.HELD
        return Standing(place, message.reason or "", message.blocker or "", message_id=message.id)
    return Standing(_PLACES[MessageState(message.state)], message.reason or "Next in line.", message_id=message.id)


def _there(payment: Payment, link: Link) -> Standing:
    if link.state is not LinkState.LIVE:
        place = Place.VOIDED if link.state is LinkState.VOIDED else Place.REMOVED
        return Standing(place, f"Payment {link.remote_id}.", remote_id=link.remote_id)
    if payment.state is not PaymentState.LIVE:
        told = f"It is void here; payment {link.remote_id} still counts there. Void it there too."
        return Standing(Place.DIFFERS, told, remote_id=link.remote_id)
    typed = " It was typed in there too; the two are linked." if link.made is LinkMade.MATCHED else ""
    return Standing(Place.THERE, f"Payment {link.remote_id}.{typed}", remote_id=link.remote_id)


def _not_there(message: Message | None, otherwise: str) -> Standing:
    if message is None:
        return Standing(Place.NOT_SENT, otherwise)
    place = _PLACES.get(MessageState(message.state), Place.NOT_SENT)
    return Standing(place, message.reason or otherwise, message_id=message.id)
