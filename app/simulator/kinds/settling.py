"""Bills and vendor credits settled by bill payments: both sides kept true (§3.15)."""

from decimal import Decimal

from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.applying import allocations, lessened
from app.simulator.kinds.currencies import in_home
from app.simulator.kinds.kind import Settle

SETTLED = ("Bill", "VendorCredit")
_TYPES = {"Check": "BillPaymentCheck", "CreditCard": "BillPaymentCreditCard"}
_ZERO = Decimal(0)


def _of(payment: Body | None, kind: str, record_id: str) -> Decimal:
    return sum((one.amount for one in allocations(payment) if (one.kind, one.id) == (kind, record_id)), _ZERO)


def settled(books: Books, kind: str, document: Body | None) -> Decimal:
    """How much of a document its payments have settled."""
    links = (document or {}).get("LinkedTxn", ())
    payments = (books.get("BillPayment", link["TxnId"]) for link in links)
    return sum((_of(payment, kind, str((document or {})["Id"])) for payment in payments), _ZERO)


def settle(books: Books, old: Body | None, new: Body) -> None:
    """Move the balances of all documents a payment was or is tied to."""
    touched = {(one.kind, one.id): None for one in [*allocations(old), *allocations(new)] if one.kind in SETTLED}
    for kind, record_id in touched:
        document = books.get(kind, record_id)
        if document is not None:
            shift = _of(old, kind, record_id) - _of(new, kind, record_id)
            _retie(books, kind, document, payment=new, shift=shift)


def _retie(books: Books, kind: str, document: Body, *, payment: Body, shift: Decimal) -> None:
    links = [link for link in document.get("LinkedTxn", ()) if link["TxnId"] != payment["Id"]]
    if _of(payment, kind, document["Id"]):
        links.append({"TxnId": payment["Id"], "TxnType": _TYPES[payment["PayType"]]})
    balance = wire.amount(wire.money(document["Balance"]) + shift)
    changed = document | {"LinkedTxn": links, "Balance": balance}
    if changed != document:
        books.put(kind, books.touch(changed | in_home(books, changed, "Balance")))
        books.announce(kind, document["Id"], "Update")


def release(kind: str) -> Settle:
    """When a document is deleted although payments are tied to it: their lines lose it (a switch allows it, §2.6)."""

    def free(books: Books, old: Body | None, new: Body) -> None:
        if old is None or new.get("Line"):
            return
        for link in old.get("LinkedTxn", ()):
            payment = books.get("BillPayment", link["TxnId"])
            if payment:
                _drop(books, payment, kind, old["Id"])

    return free


def _drop(books: Books, payment: Body, kind: str, record_id: str) -> None:
    gone = {"TxnId": record_id, "TxnType": kind}
    left = payment | {"Line": [line for line in payment["Line"] if gone not in line["LinkedTxn"]]}
    short = _owed(left) - wire.money(payment["TotalAmt"])
    changed = left | {"Line": lessened(left["Line"], "Bill", by=short)}
    books.put("BillPayment", books.touch(changed))
    books.announce("BillPayment", payment["Id"], "Update")
    settle(books, left, changed)


def _owed(payment: Body) -> Decimal:
    """What a payment's lines ask for: bills less credits (§3.15)."""
    signed = (one.amount if one.kind == "Bill" else -one.amount for one in allocations(payment))
    return sum(signed, _ZERO)
