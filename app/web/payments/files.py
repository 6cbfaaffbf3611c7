"""The list of payments as a file, for whoever does the accounts."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from app.billing import for_files
from app.billing.payment import Payment, PaymentOrigin
from app.foundation.money import to_pounds
from app.web.slowly import AT_ONCE, rows_of
from app.web.spreadsheet import csv_file

ORIGINS = {PaymentOrigin.HERE: "Recorded here", PaymentOrigin.LEARNT: "From QuickBooks"}
_HEADINGS = ("Received", "Client", "Reference", "Method", "Currency", "Amount", "On nothing yet", "Settles")


def as_file(search: str, client_id: int | None) -> Response:
    """All payments that the list finds, void ones too, the first written down first."""
    rows = rows_of(lambda after: for_files.payments(search, client_id, after=after, most=AT_ONCE), _row)
    return csv_file("payments.csv", (*_HEADINGS, "State", "Written down"), rows)


def _row(payment: Payment) -> Iterator[object]:
    yield from (payment.received_on, payment.client.name, payment.reference, payment.method, payment.currency)
    yield from (to_pounds(payment.amount_pence), to_pounds(payment.unapplied_pence))
    yield "; ".join(f"{part.document.number} {to_pounds(part.signed_pence)}" for part in payment.allocations)
    yield from (payment.state.value.capitalize(), ORIGINS[payment.origin])
