"""Batch (§6.1): up to 30 independent items, each with its own answer or fault."""

from app.simulator.api.selection import answer
from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.recorded import RECORDED, ordered
from app.simulator.bookkeeping.refusals import Refusal
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.documents import write
from app.simulator.kinds.registry import KINDS

MOST_ITEMS = 30
MOST_OBJECTS = 1000
"""That the queries of one batch bring together."""
_REQUEST = "BatchItemRequest"
_LONGEST_REQUEST_ID, _LONGEST_BID = 36, 10
_OWN = frozenset({"bId", "operation", "optionsData", "Query"})


def items_of(raw: object, request_id: str) -> list[Body]:
    """The items of a request. Raises for the wrong shape, more than 30, missing bIds, ids too long to combine."""
    items = _listed(raw)
    if len(items) > MOST_ITEMS:
        raise refusals.unreadable(f"Number of batch items {len(items)} exceeds the maximum of {MOST_ITEMS};")
    for item in items:
        _refuse_id(item, request_id)
    if len({item["bId"] for item in items}) < len(items):
        raise refusals.unreadable("bId used twice;")
    return items


def _listed(raw: object) -> list[Body]:
    """The list of items. Raises for anything but an object with that one list of objects."""
    request = raw if isinstance(raw, dict) else {}
    unknown = [name for name in request if name != _REQUEST]
    if unknown:
        raise refusals.unrecognized(unknown[0], "IntuitBatchRequest", [_REQUEST])
    found = request.get(_REQUEST)
    if not isinstance(found, list):
        raise refusals.Refusal(refusals.missing(_REQUEST))
    if not all(isinstance(item, dict) for item in found):
        raise refusals.unreadable(_REQUEST)
    return found


def _refuse_id(item: Body, request_id: str) -> None:
    if not isinstance(item.get("bId"), str) or not item["bId"]:
        raise refusals.Refusal(refusals.missing("bId"))
    if request_id and (len(request_id) > _LONGEST_REQUEST_ID or len(item["bId"]) > _LONGEST_BID):
        raise refusals.too_long(_LONGEST_REQUEST_ID, "requestid")


def _outcome(books: Books, item: Body) -> Body:
    if "Query" in item:
        return {"QueryResponse": answer(books, str(item["Query"]))}
    named = [name for name in item if name not in _OWN]
    if len(named) != 1 or named[0] not in KINDS:
        raise refusals.unrecognized(named[0] if named else _REQUEST, _REQUEST, [*_OWN, *KINDS])
    operation = item.get("operation")
    if operation not in ("create", "update", "delete"):
        raise refusals.invalid_choice(operation, "operation")
    include = frozenset(str(item.get("optionsData") or "").replace(" ", "").split(","))
    return {named[0]: write(books, KINDS[named[0]], item[named[0]], str(operation), include=include)}


def _within(left: int, outcome: Body) -> tuple[Body, int]:
    """An outcome without the rows that would be too many, and how many rows are left of it."""
    told = outcome.get("QueryResponse", {})
    for name, rows in told.items():
        if isinstance(rows, list):
            kept = rows[:left]
            return {"QueryResponse": told | {name: kept, "maxResults": len(kept)} if kept else {}}, len(kept)
    return outcome, 0


def run(books: Books, items: list[Body], order: Body | None = None) -> Body:
    """Every item's outcome under its bId; a refused item leaves the others alone. `order` spoils one of them."""
    outcomes, left = [], MOST_OBJECTS
    for number, item in enumerate(items, start=1):
        effect = str(order["effect"]) if order and int(order["member"]) == number else ""
        try:
            if order and effect == "member_fault":
                raise ordered(str(order.get("code", "6000")), order.get("message"), order.get("detail"))
            outcome, rows = _within(left, _outcome(books, item))
            left -= rows
        except Refusal as refusal:
            outcome = {"Fault": refusal.body()}
        if effect == "member_lost":
            outcome = {"Fault": RECORDED["10000"].body()}
        if effect != "member_missing":
            outcomes.append(outcome | {"bId": item["bId"]})
    return {"BatchItemResponse": outcomes}
