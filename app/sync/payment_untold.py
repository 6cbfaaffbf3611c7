"""What of a payment that was recorded here QuickBooks is still to hear, when that payment is touched there meanwhile.

A touch that leaves its amount and its client alone takes nothing back here: ours is told as the next version. Where one
of these was changed theirs counts, as the money is counted there, and what is given up here is reported.
"""

from __future__ import annotations

from app.billing.payment import Payment, PaymentOrigin, PaymentState
from app.billing.wording import amount
from app.quickbooks.answers import PaymentSeen
from app.sync import findings
from app.sync.drifts import DriftCause
from app.sync.effects import Effect
from app.sync.findings import Difference
from app.sync.links import Link, LinkMade, LinkState, links_to

_GIVEN_UP = "It was changed in QuickBooks while a change of ours was still to be told; now it is here as it is there."


def kept(link: Link, payment: Payment, seen: PaymentSeen) -> Effect | None:
    """Keep ours and take only the version there, in the caller's transaction; None where theirs is to be taken over."""
    if not is_untold(link, payment) or _is_divided_first(link, seen) or not _agrees(link, payment, seen):
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


def _agrees(link: Link, payment: Payment, seen: PaymentSeen) -> bool:
    """A customer whose client is not known says nothing against it."""
    customer = links_to(link.connection_id, "Customer", [seen.customer_id]).get(seen.customer_id)
    is_same_client = customer is None or customer.subject_id == payment.client_id
    return is_same_client and seen.total_pence == payment.amount_pence
