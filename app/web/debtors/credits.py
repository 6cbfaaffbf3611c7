"""Money of clients that is on no invoice yet, as one billing entity holds it."""

from __future__ import annotations

from collections import Counter

from app.billing import owing
from app.billing.aging import Credits
from app.sync.payments.applying import rests_of_all
from app.sync.payments.unapplied import credits_of


def credits_held_by(entity_id: int | None) -> Credits:
    """{(client id, currency): pence} that this billing entity holds; without one, that all of them hold."""
    if entity_id is None:
        return credits_of()
    payments = [payment for payment in owing.credits_of() if payment.billing_entity_id == entity_id]
    rests = rests_of_all(payments)
    credit: Counter[tuple[int, str]] = Counter()
    for payment in payments:
        credit[payment.client_id, payment.currency] += max(rests[payment.id].unapplied_pence, 0)
    return {key: pence for key, pence in credit.items() if pence}
