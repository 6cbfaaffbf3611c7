"""What each address does, once the gateway has let the call in. Runs inside one turn of the world."""

from collections.abc import Callable

from app.simulator.api import batch, changes, selection
from app.simulator.api.answers import refused, success
from app.simulator.api.replay import Reply, earlier_reply, remember
from app.simulator.api.visit import Visit
from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.refusals import Refusal
from app.simulator.bookkeeping.wire import Body, Unreadable
from app.simulator.kinds.documents import read, write
from app.simulator.kinds.registry import BY_WORD
from app.simulator.world import World

_SOLE = ("companyinfo", "preferences")


def _json(visit: Visit) -> object:
    if "json" not in visit.content_type:
        raise refusals.unsupported(f"content type {visit.content_type[:100]}")
    try:
        return wire.decode(visit.raw)
    except Unreadable as error:
        if isinstance(error.__cause__, UnicodeDecodeError):
            raise refusals.unsupported("Invalid UTF-8 in the request body;") from error
        raise refusals.unreadable("Malformed JSON") from error


def _query(books: Books, visit: Visit) -> Body:
    """The statement is the body of a POST, or stands in the address (§5)."""
    try:
        statement = visit.raw.decode("utf-8").strip() or visit.arguments.get("query", "")
    except UnicodeDecodeError as error:
        raise refusals.query_parser("the statement is not UTF-8") from error
    return {"QueryResponse": selection.answer(books, statement)}


def _changes(books: Books, visit: Visit) -> Body:
    for name in ("entities", "changedSince"):
        if not visit.arguments.get(name):
            raise Refusal(refusals.missing(name))
    return changes.changes_since(books, visit.arguments["entities"], visit.arguments["changedSince"])


def _read(books: Books, visit: Visit) -> Body:
    kind = BY_WORD[visit.word]
    if visit.word in _SOLE:
        return {kind.name: read(books, kind, "1")}
    return {kind.name: read(books, kind, visit.words[1])}


def _write(books: Books, visit: Visit) -> Body:
    kind = BY_WORD[visit.word]
    include = frozenset(visit.arguments.get("include", "").lower().replace(" ", "").split(","))
    return {kind.name: write(books, kind, _json(visit), visit.arguments.get("operation", "").lower(), include=include)}


def _batch(books: Books, visit: Visit) -> Body:
    return batch.run(books, batch.items_of(_json(visit), visit.request_id), visit.order)


_ADDRESSES: dict[tuple[str, str, int], Callable[[Books, Visit], Body]] = {
    ("query", "GET", 1): _query,
    ("query", "POST", 1): _query,
    ("cdc", "GET", 1): _changes,
    ("batch", "POST", 1): _batch,
    **{(word, "POST", 1): _write for word in BY_WORD},
    **{(word, "GET", 2): _read for word in BY_WORD},
    **{(word, "GET", 1): _read for word in _SOLE},
}


def _body(books: Books, visit: Visit) -> Body:
    """Chosen by word, method and number of words; anything else is an address Intuit does not know (§8.2 code 500)."""
    act = _ADDRESSES.get((visit.word, visit.method, len(visit.words)))
    if act is None:
        raise refusals.unsupported_operation(f"/v3/company/{visit.realm}/{'/'.join(visit.words)[:200]}")
    return act(books, visit)


def carry_out(world: World, visit: Visit) -> Reply:
    """Status, content type and text; a repeated `requestid` gets the first answer again."""
    books = world.books[visit.realm]
    try:
        earlier = earlier_reply(world, visit.realm, visit.request_id)
        if earlier is not None:
            return earlier
        reply = success(_body(books, visit), visit.came)
    except Refusal as refusal:
        reply = refused(refusal, visit.came)
    remember(world, visit.realm, visit.request_id, reply)
    return reply
