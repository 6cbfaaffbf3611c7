"""Records as a person in QuickBooks handles them: create, look, edit, void, delete, receive payments."""

from flask import Response, request

from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.refusals import Refusal
from app.simulator.bookkeeping.wire import Body
from app.simulator.control.door import Unknown, books, control, text_of
from app.simulator.doors import as_json, sent_object, world
from app.simulator.kinds.by_hand import change, deposit, receive_payment
from app.simulator.kinds.documents import read, write
from app.simulator.kinds.kind import Kind
from app.simulator.kinds.merging import merge
from app.simulator.kinds.registry import BY_WORD

_OPERATIONS = {"edit": "update", "void": "void", "delete": "delete"}


def _kind(word: str) -> Kind:
    found = BY_WORD.get(word.lower())
    if found is None:
        raise Unknown(f"no kind {word[:40]}")
    return found


@control.post("/companies/<realm>/records/<word>")
def create(realm: str, word: str) -> Response:
    """A new record, entered by hand."""
    found, kind = books(realm), _kind(word)
    with world().turn():
        return as_json(write(found, kind, sent_object(), "create"), 201)


@control.get("/companies/<realm>/records/<word>")
def browse(realm: str, word: str) -> Response:
    """Live records by id, page by page."""
    after, limit = int(request.args.get("after", "0")), min(int(request.args.get("limit", "500")), 1000)
    with world().lock:
        shelf = books(realm).shelves[_kind(word).name]
        ids = sorted(int(one) for one in shelf.facts if one.isdigit() and int(one) > after)[:limit]
        following = ids[-1] if len(ids) == limit else None
        return as_json({"records": [shelf.get(str(one)) for one in ids], "next": following})


@control.get("/companies/<realm>/records/<word>/<record_id>")
def look(realm: str, word: str, record_id: str) -> Response:
    """One live record."""
    with world().lock:
        return as_json(read(books(realm), _kind(word), record_id))


@control.post("/companies/<realm>/records/<word>/<record_id>/<any(edit, void, delete):act>")
def handle(realm: str, word: str, record_id: str, act: str) -> Response:
    """Edit, void or delete with the present SyncToken."""
    found, kind = books(realm), _kind(word)
    with world().turn():
        return as_json(change(found, kind.name, record_id, _OPERATIONS[act], wanted=sent_object()))


@control.post("/companies/<realm>/records/<word>/<record_id>/merge")
def merge_records(realm: str, word: str, record_id: str) -> Response:
    """Merge a customer or vendor into another."""
    found, kind = books(realm), _kind(word)
    with world().turn():
        return as_json(merge(found, kind.name, record_id, text_of(sent_object(), "into")))


@control.post("/companies/<realm>/records/Payment/<record_id>/deposit")
def deposit_payment(realm: str, record_id: str) -> Response:
    """The bookkeeper takes a payment to the bank."""
    found = books(realm)
    with world().turn():
        return as_json(deposit(found, record_id))


def _wishes() -> list[Body]:
    value = wire.decode(request.get_data())
    wishes = [wish for wish in (value if isinstance(value, list) else [value]) if isinstance(wish, dict)]
    if (isinstance(value, list) and len(wishes) < len(value)) or not isinstance(value, list | dict):
        raise TypeError("expected an object or a list of objects")
    return wishes


@control.post("/companies/<realm>/payments")
def receive(realm: str) -> Response:
    """One payment or many; a refused one leaves the others alone."""
    found, wishes = books(realm), _wishes()
    received: list[str | None] = []
    refused: list[Body] = []
    with world().turn():
        for index, wish in enumerate(wishes):
            try:
                received.append(receive_payment(found, wish)["Id"])
            except Refusal as refusal:
                received.append(None)
                refused.append({"index": index, "error": str(refusal)})
    return as_json({"payments": received, "refused": refused}, 200 if not refused else 207)
