"""Money that came in and is on no invoice yet: what of it is to a client's credit, as QuickBooks reckons it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date

from app.billing import owing
from app.billing.aging import Credits
from app.sync.payments.applying import rests_of_all


def credits_of(
    client_ids: Collection[int] | None = None, *, entity_id: int | None = None, until: date | None = None
) -> Credits:
    """{(client id, currency): pence} of these clients, or of all; what settles documents only there is not among it.

    With a billing entity, what that one alone holds; with a day, what is left of what had come in by then.
    """
    payments = owing.credits_of(client_ids, entity_id=entity_id, until=until)
    rests = rests_of_all(payments)
    credit: Counter[tuple[int, str]] = Counter()
    for payment in payments:
        credit[payment.client_id, payment.currency] += max(rests[payment.id].unapplied_pence, 0)
    return {key: pence for key, pence in credit.items() if pence}
