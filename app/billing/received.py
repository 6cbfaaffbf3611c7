"""Money that came in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from app.billing.payment import Payment, PaymentState
from app.foundation.database import db


def received_since(day: date) -> dict[str, int]:
    """What was received on this day and later, in pence by currency; void payments are left out."""
    summed = (
        select(Payment.currency, func.sum(Payment.amount_pence))
        .where(Payment.state == PaymentState.LIVE, Payment.received_on >= day)
        .group_by(Payment.currency)
    )
    return {currency: int(pence) for currency, pence in db.session.execute(summed)}
