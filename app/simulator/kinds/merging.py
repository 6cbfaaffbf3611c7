"""Two customers or vendors made one by a person in QuickBooks (§9.3: Merge): the API has no such call."""

from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.books import Books, Change
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.documents import read
from app.simulator.kinds.fields import named
from app.simulator.kinds.registry import KINDS

_DOCUMENTS = {
    "Customer": ("Invoice", "CreditMemo", "Payment"),
    "Vendor": ("Bill", "VendorCredit", "BillPayment"),
}


def merge(books: Books, kind: str, gone_id: str, survivor_id: str) -> Body:
    """Move all documents of `gone_id` to `survivor_id` and remove the first. Raises `Refusal`.

    Change data capture tells the one that disappeared as deleted (§6.2: unclear).
    """
    if kind not in _DOCUMENTS or gone_id == survivor_id:
        raise refusals.unsupported(f"merge {kind.lower()}")
    gone, survivor = read(books, KINDS[kind], gone_id), read(books, KINDS[kind], survivor_id)
    reference = {f"{kind}Ref": named(kind, survivor)}
    for document_kind in _DOCUMENTS[kind]:
        shelf = books.shelves[document_kind]
        for record_id in shelf.find(f"{kind}Ref", gone_id.casefold()):
            books.put(document_kind, books.touch((shelf.get(record_id) or {}) | reference))
    books.remove(kind, gone)
    books.changes.append(Change(kind, survivor_id, "Merge", gone=gone_id))
    return books.get(kind, survivor_id) or survivor
