"""Change data capture (§6.2)."""

from datetime import datetime, timedelta

from app.simulator.bookkeeping import clock, refusals
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.shelves import Shelf
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.registry import BY_WORD

_MOST_OBJECTS = 1000
_LOOK_BACK = timedelta(days=30)
_UPDATED = "MetaData.LastUpdatedTime"
_UNSUPPORTED = {"taxcode", "taxrate", "taxagency", "exchangerate"}


def _since(books: Books, text: str) -> datetime:
    try:
        since = clock.moment_from(text.replace(" ", "+"))
    except ValueError as error:
        raise refusals.query_validation(f"value {text[:50]} is not a valid changedSince") from error
    if books.clock.now() - since > _LOOK_BACK and books.switches["old_change_data"] == "fault":
        raise refusals.query_validation("changedSince must lie within the last 30 days")
    return since


def _shelf(books: Books, word: str) -> tuple[str, Shelf]:
    kind = BY_WORD.get(word.strip().lower())
    if kind is None or word.strip().lower() in _UNSUPPORTED:
        raise refusals.query_validation(f"invalid context declaration: {word[:50]}")
    return kind.name, books.shelves[kind.name]


def _changed(shelf: Shelf, since: datetime) -> list[tuple[datetime, int, Body]]:
    """Live and deleted records changed since, each with its moment; deleted ones as sparse objects."""
    live = [(facts[_UPDATED], one) for one, facts in shelf.facts.items() if facts[_UPDATED] >= since]
    gone = [
        (stone.facts[_UPDATED], int(stone.id), stone.body)
        for stone in shelf.tombstones.values()
        if stone.facts[_UPDATED] >= since
    ]
    return gone + [(moment, int(one), shelf.get(one) or {}) for moment, one in live]


def changes_since(books: Books, entities: str, changed_since: str) -> Body:
    """The whole answer without `time`: one block per entity, at most 1000 objects, oldest change first."""
    since = _since(books, changed_since)
    blocks: list[Body] = []
    left = _MOST_OBJECTS
    for word in entities.split(","):
        name, shelf = _shelf(books, word)
        found = sorted(_changed(shelf, since), key=lambda one: one[:2])[:left]
        left -= len(found)
        bodies = [body for _, _, body in found]
        blocks.append({name: bodies, "startPosition": 1, "maxResults": len(bodies)} if bodies else {})
    return {"CDCResponse": [{"QueryResponse": blocks}]}
