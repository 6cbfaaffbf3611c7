"""AutoApplyCredit and AutoApplyPayments: what QuickBooks pays by itself when an invoice is saved (§3.10, §10.7)."""

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal

from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.refusals import Refusal
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.documents import write
from app.simulator.kinds.payment import PAYMENT


def use_what_is_open(books: Books, invoice: Body) -> None:
    """Apply the customer's open credits, then unapplied payments, the oldest first, to a new invoice."""
    if books.preference("SalesFormsPrefs", "AutoApplyCredit"):
        _apply_credits(books, invoice)
    if books.preference("SalesFormsPrefs", "AutoApplyPayments"):
        _apply_payments(books, invoice)


def _open_records(books: Books, kind: str, invoice: Body, left: str) -> Iterator[tuple[Body, Decimal]]:
    """Records of the same customer that have something left, each with what the invoice still takes of it."""
    shelf = books.shelves[kind]
    for record_id in sorted(shelf.find("CustomerRef", invoice["CustomerRef"]["value"].casefold()), key=int):
        record, present = shelf.get(record_id) or {}, books.get("Invoice", invoice["Id"]) or invoice
        share = min(wire.money(record.get(left)), wire.money(present["Balance"]))
        if share > 0:
            yield record, share


def _tie(kind: str, record_id: str, share: Decimal) -> Body:
    return {"Amount": share, "LinkedTxn": [{"TxnId": record_id, "TxnType": kind}]}


def _apply_credits(books: Books, invoice: Body) -> None:
    """Each credit by a payment of nothing that ties it to the invoice (§3.10)."""
    for credit, share in _open_records(books, "CreditMemo", invoice, "RemainingCredit"):
        lines = [_tie("Invoice", invoice["Id"], share), _tie("CreditMemo", credit["Id"], share)]
        raw = {"CustomerRef": invoice["CustomerRef"], "CurrencyRef": invoice["CurrencyRef"], "TotalAmt": 0,
               "TxnDate": invoice["TxnDate"], "Line": lines}  # fmt: skip
        write(books, PAYMENT, raw, "create")


def _apply_payments(books: Books, invoice: Body) -> None:
    for payment, share in _open_records(books, "Payment", invoice, "UnappliedAmt"):
        kept = [{"Amount": line["Amount"], "LinkedTxn": line["LinkedTxn"]} for line in payment["Line"]]
        raw = {"Id": payment["Id"], "SyncToken": payment["SyncToken"], "sparse": True,
               "Line": [*kept, _tie("Invoice", invoice["Id"], share)]}  # fmt: skip
        # What cannot be touched (on a deposit, in a closed period) is passed over; the invoice is saved all the same.
        with suppress(Refusal):
            write(books, PAYMENT, raw, "update")
