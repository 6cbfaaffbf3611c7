"""Payments: learnt from the accounting side, or recorded here. Documents are settled by allocations alone.

A learnt payment is stored as it was told, even where it is more than is owed: the accounting side is where the money
is counted. One recorded here is refused in that case. A learnt payment posts nothing: it would come back as an echo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import update

from app.billing import shares
from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.facts import LearntPayment, PaymentFacts
from app.billing.kinds import ISSUED, DocumentKind, DocumentStatus
from app.billing.payment import Allocation, Payment, PaymentOrigin, PaymentState
from app.billing.settling import settle_anew
from app.billing.shares import Happening, Shares
from app.billing.timeline import Actor, note
from app.billing.wording import amount
from app.foundation.database import db
from app.foundation.errors import BadInputError, ConflictError
from app.outbox import tray
from app.outbox.models import Priority

BOOKS = Actor(None, "The books")
_NAMED = 10
"""Documents that a payment's timeline names."""

_FIELDS = (
    *("client_id", "billing_entity_id", "received_on", "amount_pence", "currency", "exchange_rate"),
    *("reference", "method"),
)


def apply_learnt(facts: LearntPayment) -> Payment:
    """Make our payment say what the accounting side told; the same told again changes nothing.

    On a change the old allocations are taken back and the new ones applied. Returns the payment, with its id.
    """
    payment = _held(facts.payment_id) if facts.payment_id else None
    if payment is not None and _says(payment, facts):
        return payment
    before = _parts(payment) if payment else {}
    verb, said = ("payment_changed", shares.CHANGED) if payment else ("payment", shares.RECEIVED)
    payment = payment or Payment(origin=PaymentOrigin.LEARNT)
    payment.state = PaymentState.LIVE
    _write(payment, facts)
    _settle_and_tell({*before, *facts.parts}, payment, verb, said, actor=BOOKS)
    return payment


def remove_learnt(payment_id: int, state: PaymentState) -> Payment:
    """The accounting side voided or deleted a payment: its allocations no longer count. Repeats change nothing."""
    payment = _held(payment_id)
    _end(payment, state, actor=BOOKS)
    return payment


def record_here(facts: PaymentFacts, *, actor: Actor, note_text: str = "") -> Payment:
    """Write down a payment (or, with an amount of nought, the use of a credit) and post it.

    Raises BadInputError naming the document where more is allocated than is owed, or than the payment and its
    credits hold, where its total will still change, and where it belongs to another client, entity or currency.
    """
    payment = write_down(facts, actor=actor, note_text=note_text)
    _post(payment)
    return payment


def write_down(facts: PaymentFacts, *, actor: Actor, note_text: str = "") -> Payment:
    """As `record_here`, but nobody hears of it: for what happened before there was anybody to tell."""
    _check(facts, {})
    payment = Payment(origin=PaymentOrigin.HERE, note=note_text, state=PaymentState.LIVE)
    _write(payment, facts)
    _settle_and_tell(facts.parts, payment, "payment", shares.RECORDED, actor=actor)
    return payment


def divide_anew(payment: Payment, allocations: Sequence[tuple[int, int]], *, actor: Actor) -> None:
    """Divide a payment that was recorded here over other invoices, or what is left of it, and post it.

    The parts are (invoice id, pence), all of them, not only the new ones. Raises ConflictError for a payment that was
    learnt or taken back, BadInputError as `record_here`.
    """
    held = _held(payment.id)
    if held.origin is not PaymentOrigin.HERE or held.state is not PaymentState.LIVE:
        raise ConflictError("Only a payment that was recorded here and still counts can be divided anew.")
    before = _parts(held)
    facts = _facts(held, allocations)
    if facts.parts == before:
        return
    _check(facts, before)
    _write(held, facts)
    _settle_and_tell({*before, *facts.parts}, held, "payment_changed", shares.DIVIDED, actor=actor)
    _post(held)


def ask_to_send(payment: Payment, *, actor: Actor) -> None:
    """A person wants this very payment told, whatever the rules; posts it. Raises ConflictError for a learnt one."""
    if payment.origin is not PaymentOrigin.HERE:
        raise ConflictError("This payment was learnt from the books; they have it.")
    note(payment.subject, "asked", "Asked for it to be sent.", actor=actor)
    _post(payment, asked=True)


def take_rate(payment_id: int, rate: Decimal) -> None:
    """The accounting side said at which exchange rate it took a payment that was recorded here; nobody is told."""
    db.session.execute(update(Payment).where(Payment.id == payment_id).values(exchange_rate=rate))


def void_here(payment: Payment, *, actor: Actor) -> None:
    """Take a payment that was recorded here back, and post it. Raises ConflictError for a learnt one."""
    if payment.origin is not PaymentOrigin.HERE:
        raise ConflictError("This payment was learnt from the books; void it there.")
    _end(_held(payment.id), PaymentState.VOID, actor=actor)
    _post(payment)


def tax_to_come(document: Document) -> str:
    """Why a document takes no money yet, and what can be done with the money meanwhile."""
    return (
        f"The sales tax on {document.title} is still to come and changes its total. Keep the money as credit, and put"
        " it there once the tax is known."
    )


def _held(payment_id: int) -> Payment:
    return db.session.get_one(Payment, payment_id, with_for_update=True, populate_existing=True)


def _says(payment: Payment, facts: PaymentFacts) -> bool:
    same = all(getattr(payment, name) == getattr(facts, name) for name in _FIELDS)
    return same and payment.state is PaymentState.LIVE and _parts(payment) == facts.parts


def _parts(payment: Payment) -> dict[int, int]:
    return {part.document_id: part.amount_pence for part in payment.allocations}


def _write(payment: Payment, facts: PaymentFacts) -> None:
    for name in _FIELDS:
        setattr(payment, name, getattr(facts, name))
    payment.revision = (payment.revision or 0) + 1
    payment.unapplied_pence = facts.unapplied_pence
    payment.allocations = [Allocation(document_id=id_, amount_pence=pence) for id_, pence in facts.parts.items()]
    db.session.add(payment)
    db.session.flush()


def _end(payment: Payment, state: PaymentState, *, actor: Actor) -> None:
    if payment.state is state:
        return
    payment.state = state
    payment.revision += 1
    db.session.flush()
    _settle_and_tell(_parts(payment), payment, f"payment_{state.value}", shares.ENDED, actor=actor)


def _settle_and_tell(
    document_ids: Iterable[int], payment: Payment, verb: str, happened: Happening, *, actor: Actor
) -> None:
    settled = settle_anew(document_ids)  # all are read at once; told of one by one they would be read one by one
    divided_now = Shares(payment, db.session.get_one(BillingEntity, payment.billing_entity_id).country)
    said = divided_now.said(happened)
    reference = f" ({payment.reference})" if payment.reference else ""
    divided = f" {_division(payment)}." if payment.state is PaymentState.LIVE else ""
    note(payment.subject, verb, f"{said}: {divided_now.whole}{reference}.{divided}", actor=actor)
    for document in settled:
        sentence = f"{said}: {divided_now.of(document)}{reference}. {_still_owed(document)}"
        note(document.subject, verb, sentence, actor=actor, details={"payment_id": payment.id})


def _division(payment: Payment) -> str:
    """What a payment is divided over, as its own timeline keeps it."""
    parts = [_share(part) for part in payment.allocations[:_NAMED]]
    if len(payment.allocations) > _NAMED:
        parts.append(f"{len(payment.allocations) - _NAMED} more")
    if payment.unapplied_pence > 0:
        parts.append(f"{amount(payment.unapplied_pence, payment.currency)} on nothing here yet")
    return ", ".join(parts)


def _share(part: Allocation) -> str:
    word = "on" if part.signed_pence > 0 else "from"
    return f"{amount(part.amount_pence, part.document.currency)} {word} {part.document.title}"


def _still_owed(document: Document) -> str:
    left = document.owed_pence - document.settled_pence
    rest = amount(abs(left), document.currency)
    if left < 0:
        return f"{rest} more than is owed." if document.kind is DocumentKind.INVOICE else f"{rest} more than there was."
    if document.status is DocumentStatus.PAID:
        return "Nothing is owed any more." if document.kind is DocumentKind.INVOICE else "The credit is used up."
    return f"{rest} is still owed." if document.kind is DocumentKind.INVOICE else f"{rest} of credit is left."


def _post(payment: Payment, *, asked: bool = False) -> None:
    entity = db.session.get_one(BillingEntity, payment.billing_entity_id)
    tray.post(payment.subject, entity.lane, priority=Priority.PERSON, asked=asked)


def _facts(payment: Payment, allocations: Sequence[tuple[int, int]]) -> PaymentFacts:
    """What a payment says, divided like this; the credits in it stay."""
    credited = tuple((part.document_id, part.amount_pence) for part in payment.allocations if part.signed_pence < 0)
    said = {name: getattr(payment, name) for name in _FIELDS}
    return PaymentFacts(**said, allocations=tuple(allocations), credits=credited)


def _check(facts: PaymentFacts, before: Mapping[int, int]) -> None:
    """`before` is what this payment had settled until now, by document, in pence."""
    _check_amounts(facts)
    for document in _documents(facts.parts):
        _check_part(document, facts, before.get(document.id, 0))


def _documents(parts: Mapping[int, int]) -> list[Document]:
    return [db.session.get_one(Document, id_, with_for_update=True, populate_existing=True) for id_ in sorted(parts)]


def _check_amounts(facts: PaymentFacts) -> None:
    if facts.amount_pence < 0 or any(pence < 0 for pence in facts.parts.values()):
        raise BadInputError("amount", "Amounts of a payment are positive.")
    if not facts.amount_pence and not facts.credits:
        raise BadInputError("amount", "Give the amount that was received.")
    available = facts.amount_pence + sum(pence for _id, pence in facts.credits)
    if sum(pence for _id, pence in facts.allocations) > available:
        raise BadInputError("allocations", f"Only {amount(available, facts.currency)} can be allocated.")


def _check_part(document: Document, facts: PaymentFacts, own_pence: int) -> None:
    own = (facts.client_id, facts.billing_entity_id, facts.currency)
    wanted = DocumentKind.CREDIT_NOTE if document.id in dict(facts.credits) else DocumentKind.INVOICE
    if (document.client_id, document.billing_entity_id, document.currency) != own or document.kind is not wanted:
        raise BadInputError("allocations", f"{document.title} can't take a part of this payment.")
    if document.tax_is_to_come and facts.parts[document.id] > own_pence:
        raise BadInputError("allocations", tax_to_come(document))
    left = max(document.owed_pence - document.settled_pence + own_pence, 0) if document.status in ISSUED else 0
    if facts.parts[document.id] > left:
        raise BadInputError("allocations", f"Only {amount(left, document.currency)} is open on {document.title}.")
