"""What of a payment that was recorded here QuickBooks is still to hear, when that payment is touched there meanwhile.

A touch that leaves its amount and its client alone takes nothing back here: ours is told as the next version. Where one
of these was changed theirs counts, as the money is counted there, and what is given up here is reported.
"""

from __future__ import annotations

from app.billing.payment import Payment, PaymentOrigin, PaymentState
from app.billing.wording import amount
from app.foundation.database import db
from app.quickbooks.answers import PaymentSeen
from app.quickbooks.models import Connection
from app.sync.comparing import findings
from app.sync.comparing.drifts import DriftCause
from app.sync.comparing.findings import Difference
from app.sync.payments import twins
from app.sync.payments.parts import parts_of
from app.sync.records.effects import AnswerIsOutError, Effect
from app.sync.records.links import Link, LinkMade, LinkState, links_to

_GIVEN_UP = "It was changed in QuickBooks while a change of ours was still to be told; now it is here as it is there."


def kept(link: Link, payment: Payment, seen: PaymentSeen) -> Effect | None:
    """Keep ours and take only the version there, in the caller's transaction; None where theirs is to be taken over.

    Raises AnswerIsOutError where ours is just being told, and nobody knows yet which of the two is the newer one.
    """
    if not is_untold(link, payment) or _is_divided_first(link, seen):
        return None
    if _says_otherwise(link, payment, seen) and twins.is_flying(
        db.session.get_one(Connection, link.connection_id), payment
    ):
        raise AnswerIsOutError
    if not _agrees(link, payment, seen):
        return None
    link.sync_token = seen.sync_token
    return Effect(changed=True, sentence=f"Payment {seen.id} was seen anew; a newer version of ours is to be told.")


def is_untold(link: Link, payment: Payment) -> bool:
    """Whether it counts on both sides, was recorded here, and says something that QuickBooks was not told."""
    counts = payment.state is PaymentState.LIVE and link.state is LinkState.LIVE
    return counts and payment.origin is PaymentOrigin.HERE and link.told_revision != payment.revision


def said(payment: Payment) -> str:
    """Amount and division as a person reads them."""
    shares = sorted(
        f"{amount(part.amount_pence, payment.currency)} on {part.document.title}" for part in payment.allocations
    )
    return f"{amount(payment.amount_pence, payment.currency)}: {', '.join(shares) or 'applied to nothing'}"[:300]


def given_up(link: Link, ours: str, payment: Payment, *, is_same_amount: bool) -> None:
    """Report that theirs was taken over what was still to be told, in the caller's transaction; `ours` as `said`."""
    difference = Difference(
        cause=DriftCause.PAYMENT_MOVED if is_same_amount else DriftCause.PAYMENT_EDITED,
        entity=link.entity,
        remote_id=link.remote_id,
        kind=link.kind,
        subject_id=link.subject_id,
        label=f"Payment of {amount(payment.amount_pence, payment.currency)}",
        ours=ours,
        theirs=said(payment),
        explanation=_GIVEN_UP,
    )
    findings.write(link.connection_id, difference, run_id=None)


def _is_divided_first(link: Link, seen: PaymentSeen) -> bool:
    """Whether one that was typed in there undivided, and never told, was divided there before ours was told."""
    return link.made is LinkMade.MATCHED and link.told_revision is None and bool(seen.allocations)


def _says_otherwise(link: Link, payment: Payment, seen: PaymentSeen) -> bool:
    there = {document.id: pence for document, pence in parts_of(link.connection_id, seen.allocations, is_known=True)}
    ours = {part.document_id: part.amount_pence for part in payment.allocations}
    return (seen.total_pence, there) != (payment.amount_pence, ours)


def _agrees(link: Link, payment: Payment, seen: PaymentSeen) -> bool:
    """A customer whose client is not known says nothing against it."""
    customer = links_to(link.connection_id, "Customer", [seen.customer_id]).get(seen.customer_id)
    is_same_client = customer is None or customer.subject_id == payment.client_id
    return is_same_client and seen.total_pence == payment.amount_pence
