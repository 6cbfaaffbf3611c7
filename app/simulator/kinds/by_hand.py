"""What a person does in QuickBooks itself: the console and the control API use it, never the Accounting API."""

from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.documents import read, write
from app.simulator.kinds.registry import KINDS


def change(books: Books, kind: str, record_id: str, operation: str, *, wanted: Body | None = None) -> Body:
    """Update (sparse), void or delete with the present SyncToken. Raises `Refusal`."""
    present = read(books, KINDS[kind], record_id)
    raw = (wanted or {}) | {"Id": present["Id"], "SyncToken": present["SyncToken"], "sparse": True}
    return write(books, KINDS[kind], raw, operation)


def receive_payment(books: Books, wish: Body) -> Body:
    """A payment from {customer, total, date, reference, allocations: [{invoice_id | credit_memo_id, amount}]}.

    It is in the customer's currency, as the form on screen has it without being asked.
    """
    lines = [_line(one) for one in _shares(wish)]
    raw: Body = {"CustomerRef": {"value": str(wish.get("customer", ""))}, "TotalAmt": wish.get("total"), "Line": lines}
    customer = books.get("Customer", raw["CustomerRef"]["value"])
    if customer and customer.get("CurrencyRef"):
        raw["CurrencyRef"] = customer["CurrencyRef"]
    for name, source in (("TxnDate", "date"), ("PaymentRefNum", "reference")):
        if wish.get(source):
            raw[name] = wish[source]
    return write(books, KINDS["Payment"], raw, "create")


def _shares(wish: Body) -> list[Body]:
    shares = wish.get("allocations") or []
    if not isinstance(shares, list) or not all(isinstance(one, dict) for one in shares):
        raise refusals.unreadable("allocations")
    return shares


def deposit(books: Books, record_id: str) -> Body:
    """Put a payment on a bank deposit: from then on the API can neither change nor delete it (§2.6: 6540)."""
    payment = read(books, KINDS["Payment"], record_id)
    link = {"TxnId": books.next_id("Payment"), "TxnType": "Deposit"}
    books.put("Payment", books.touch(payment | {"LinkedTxn": [link]}))
    books.announce("Payment", record_id, "Update")
    return books.get("Payment", record_id) or payment


def _line(allocation: Body) -> Body:
    kind, key = ("CreditMemo", "credit_memo_id") if "credit_memo_id" in allocation else ("Invoice", "invoice_id")
    link = {"TxnId": str(allocation.get(key, "")), "TxnType": kind}
    return {"Amount": allocation.get("amount"), "LinkedTxn": [link]}
