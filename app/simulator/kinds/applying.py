"""Payments applied to invoices and credit memos: who owes what is kept true on both sides (§3.10, §3.11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.currencies import in_home

_OPEN = {"Invoice": ("Balance",), "CreditMemo": ("RemainingCredit", "Balance")}
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Allocation:
    """One line of a payment: this much of it is tied to that document."""

    kind: str
    id: str
    amount: Decimal


def allocations(payment: Body | None) -> list[Allocation]:
    """What a payment is tied to, line by line."""
    return [
        Allocation(link["TxnType"], link["TxnId"], wire.money(line["Amount"]))
        for line in (payment or {}).get("Line", ())
        for link in line["LinkedTxn"]
    ]


def _payments_of(books: Books, document: Body) -> list[Body]:
    ids = [link["TxnId"] for link in document.get("LinkedTxn", ()) if link["TxnType"] == "Payment"]
    found = (books.get("Payment", payment_id) for payment_id in ids)
    return [payment for payment in found if payment]


def _tied(payment: Body, document_id: str) -> Decimal:
    return sum((one.amount for one in allocations(payment) if one.id == document_id), _ZERO)


def applied_to(books: Books, document: Body | None) -> Decimal:
    """How much of a document its payments have settled."""
    if document is None:
        return _ZERO
    return sum((_tied(payment, document["Id"]) for payment in _payments_of(books, document)), _ZERO)


def unapplied(payment: Body, lines: Iterable[Body]) -> Decimal:
    """Received, plus credits used, less what went to invoices."""
    left = wire.money(payment["TotalAmt"])
    for one in allocations({"Line": list(lines)}):
        left += one.amount if one.kind == "CreditMemo" else -one.amount
    return left


def apply(books: Books, old: Body | None, new: Body) -> None:
    """Move the balances of all documents a payment was or is tied to."""
    touched = {(one.kind, one.id): None for one in [*allocations(old), *allocations(new)]}
    for kind, record_id in touched:
        document = books.get(kind, record_id)
        if document is not None:
            shift = _tied(old or {}, record_id) - _tied(new, record_id)
            _retie(books, kind, document, payment=new, shift=shift)


def _retie(books: Books, kind: str, document: Body, *, payment: Body, shift: Decimal) -> None:
    links = [link for link in document.get("LinkedTxn", ()) if link["TxnId"] != payment["Id"]]
    if _tied(payment, document["Id"]):
        links.append({"TxnId": payment["Id"], "TxnType": "Payment"})
    if not shift and links == document.get("LinkedTxn"):
        return
    opened = wire.amount(wire.money(document[_OPEN[kind][0]]) + shift)
    changed = document | dict.fromkeys(_OPEN[kind], opened) | {"LinkedTxn": links}
    books.put(kind, books.touch(changed | in_home(books, changed, "Balance")))
    books.announce(kind, document["Id"], "Update")


def free_excess(books: Books, kind: str, document: Body) -> None:
    """After a document shrank: its payments keep what no longer fits as unapplied, the latest first.

    What the live QuickBooks does when an edit through the API lowers a paid invoice is not recorded.
    """
    room = wire.money(document["TotalAmt"])
    for payment in _payments_of(books, document):
        allowed = min(_tied(payment, document["Id"]), room)
        room -= allowed
        _cut(books, payment, document["Id"], allowed)
    still = {payment["Id"] for payment in _payments_of(books, document) if _tied(payment, document["Id"])}
    kept = books.get(kind, document["Id"])
    if kept and len(still) != len(kept.get("LinkedTxn", ())):
        books.put(kind, kept | {"LinkedTxn": [link for link in kept["LinkedTxn"] if link["TxnId"] in still]})


def _cut(books: Books, payment: Body, document_id: str, allowed: Decimal) -> None:
    if _tied(payment, document_id) == allowed:
        return
    lines = []
    for line in payment["Line"]:
        tied = any(link["TxnId"] == document_id for link in line["LinkedTxn"])
        share = min(wire.money(line["Amount"]), allowed) if tied else wire.money(line["Amount"])
        allowed -= share if tied else _ZERO
        if share:
            lines.append(line | {"Amount": wire.amount(share)})
    lines = lessened(lines, "Invoice", by=-unapplied(payment, lines))
    changed = payment | {"Line": lines, "UnappliedAmt": wire.amount(unapplied(payment, lines))}
    books.put("Payment", books.touch(changed))
    books.announce("Payment", payment["Id"], "Update")
    _open_again(books, payment, changed, but=document_id)


def lessened(lines: list[Body], kind: str, *, by: Decimal) -> list[Body]:
    """Lines whose shares of this kind are `by` less together, the last first: what a lost credit paid is open again."""
    kept = []
    for line in reversed(lines):
        own = any(link["TxnType"] == kind for link in line["LinkedTxn"])
        less = min(wire.money(line["Amount"]), by) if own and by > 0 else _ZERO
        by -= less
        if wire.money(line["Amount"]) > less:
            kept.append(line | {"Amount": wire.amount(wire.money(line["Amount"]) - less)})
    return kept[::-1]


def _open_again(books: Books, old: Body, new: Body, *, but: str) -> None:
    """Move the balances of what a payment pays less of, but for the document whose own change made it so."""
    for one in {(one.kind, one.id): None for one in allocations(old) if one.id != but}:
        document = books.get(*one)
        if document is not None:
            _retie(books, one[0], document, payment=new, shift=_tied(old, one[1]) - _tied(new, one[1]))
