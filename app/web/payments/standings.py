"""A payment's state as lists and pages show it: whether it counts, and whether all of it is taken up (pure)."""

from __future__ import annotations

from typing import NamedTuple

from app.billing.payment import Payment, PaymentState
from app.sync.payments.applying import Rests

_GONE = {PaymentState.VOID: "Void", PaymentState.REMOVED: "Removed"}


class Standing(NamedTuple):
    """A tone and a word, and the pence that nothing has taken up yet."""

    tone: str
    word: str
    left_pence: int = 0


def standing_of(payment: Payment, rests: Rests) -> Standing:
    """Of one payment; what it settles of documents that are only in QuickBooks counts as applied."""
    if word := _GONE.get(payment.state):
        return Standing("calm", word)
    if rests.unapplied_pence <= 0:
        return Standing("good", "Applied")
    is_begun = bool(payment.allocations) or rests.elsewhere_pence > 0
    return Standing("wait", "Part applied" if is_begun else "Not applied", rests.unapplied_pence)
