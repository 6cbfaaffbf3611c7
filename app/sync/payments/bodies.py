"""A payment in QuickBooks' words. Pure: facts in, a JSON body out; amounts become pounds with two decimals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.foundation.money import to_pounds
from app.sync.judging.facts import Books
from app.sync.payments.facts import PartFacts, PaymentToTell
from app.sync.payments.readiness import is_closed

_MAX_REFERENCE = 21
"""Characters of PaymentRefNum (reference 3.11)."""


def payment(told: PaymentToTell, books: Books) -> dict[str, Any]:
    """A Payment, complete but for Id and SyncToken.

    Date, account, method, reference and note are said once: later they belong to the bookkeeper, who may have put the
    money on a bank statement line. A sparse update that leaves them out keeps them (reference 2.5); its lines replace
    all that were there.
    """
    body: dict[str, Any] = {
        "CustomerRef": {"value": told.customer_id},
        "TotalAmt": to_pounds(told.amount_pence),
        "Line": [_line(part) for part in told.parts],
    }
    if books.multi_currency:
        body["CurrencyRef"] = {"value": told.currency}
    return body if told.link is not None else body | _head(told, books)


def _line(part: PartFacts) -> dict[str, Any]:
    """Credit notes count as positive amounts too; QuickBooks knows by their type which way they go."""
    return {
        "Amount": to_pounds(part.pence),
        "LinkedTxn": [{"TxnId": part.remote_id, "TxnType": part.entity}],
    }


def _head(told: PaymentToTell, books: Books) -> dict[str, Any]:
    head: dict[str, Any] = {"TxnDate": told.received_on.isoformat(), "PrivateNote": _note(told)}
    if books.closed_until is not None and is_closed(told, books):
        head["TxnDate"] = (books.closed_until + timedelta(days=1)).isoformat()
    if told.reference:
        head["PaymentRefNum"] = told.reference[:_MAX_REFERENCE]
    if told.method_id is not None:
        head["PaymentMethodRef"] = {"value": told.method_id}
    if told.deposit_id is not None and told.amount_pence:
        head["DepositToAccountRef"] = {"value": told.deposit_id}
    return head


def _note(told: PaymentToTell) -> str:
    return f"{told.marker}. {told.method}." if told.method else told.marker
