"""What each address does, once the gateway has let the call in. Runs inside one turn of the world."""

from collections.abc import Callable

from app.simulator.api import batch, changes, pdf, selection
from app.simulator.api.answers import JSON_OK, refused, success
from app.simulator.api.replay import Reply, earlier_reply, remember
from app.simulator.api.visit import Visit
from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.refusals import Refusal
from app.simulator.bookkeeping.wire import Body, Unreadable
from app.simulator.kinds import exchange_rate, tax_service
from app.simulator.kinds.documents import read, write
from app.simulator.kinds.kind import Kind
from app.simulator.kinds.registry import BY_WORD
from app.simulator.kinds.sending import send, send_in_sandbox
from app.simulator.world import World

_SOLE = ("companyinfo", "preferences")
_NO_TEXT = "Invalid UTF-8 in the request body;"


def _json(visit: Visit) -> object:
    if "json" not in visit.content_type:
        raise refusals.unsupported(f"content type {visit.content_type[:100]}")
    try:
        return wire.decode(visit.raw)
    except Unreadable as error:
        if isinstance(error.__cause__, UnicodeDecodeError):
            raise refusals.unsupported(_NO_TEXT) from error
        raise refusals.unreadable("Malformed JSON") from error


def _query(books: Books, visit: Visit) -> Body:
    """The statement is the body of a POST, or stands in the address (§5)."""
    try:
        statement = visit.raw.decode("utf-8").strip() or visit.arguments.get("query", "")
    except UnicodeDecodeError as error:
        raise refusals.unsupported(_NO_TEXT) from error
    return {"QueryResponse": selection.answer(books, statement)}


def _changes(books: Books, visit: Visit) -> Body:
    for name in ("entities", "changedSince"):
        if not visit.arguments.get(name):
            raise Refusal(refusals.missing(name))
    return changes.changes_since(books, visit.arguments["entities"], visit.arguments["changedSince"])


def _read(books: Books, visit: Visit) -> Body:
    kind = BY_WORD[visit.word]
    record = read(books, kind, "1" if visit.word in _SOLE else visit.words[1])
    return {kind.name: _with_link(kind.as_shown(record), visit)}


def _with_link(record: Body, visit: Visit) -> Body:
    """InvoiceLink is told only on request (§3.9); its real addresses are not guessable either."""
    if visit.word != "invoice" or "invoicelink" not in visit.include:
        return record
    return record | {"InvoiceLink": f"https://connect.intuit.com/portal/simulated/{visit.realm}-{record['Id']}"}


def _write(books: Books, visit: Visit) -> Body:
    kind, operation = BY_WORD[visit.word], visit.arguments.get("operation", "").lower()
    written = write(books, kind, _json(visit), operation, include=visit.include)
    return {kind.name: _with_link(kind.as_shown(written), visit)}


def _pdf(books: Books, visit: Visit) -> Reply:
    kind = _kind_that_may(visit, "pdf")
    return 200, "application/pdf", pdf.document(kind.name, read(books, kind, visit.words[1]))


def _send(books: Books, visit: Visit) -> Body:
    kind = _kind_that_may(visit, "send")
    act = send_in_sandbox if visit.environment == "sandbox" else send
    return {kind.name: act(books, kind, visit.words[1], visit.arguments.get("sendTo"))}


def _kind_that_may(visit: Visit, act: str) -> Kind:
    kind = BY_WORD[visit.word]
    if visit.words[2].lower() != act or act not in kind.operations:
        raise _no_such_address(visit)
    return kind


def _rate(books: Books, visit: Visit) -> Body:
    """A currency's rate on a day (§3.17)."""
    asked = {name.lower(): value for name, value in visit.arguments.items()}
    if not asked.get("sourcecurrencycode"):
        raise Refusal(refusals.missing("sourcecurrencycode"))
    found = exchange_rate.present(books, asked["sourcecurrencycode"][:10], asked.get("asofdate", ""))
    return {"ExchangeRate": exchange_rate.EXCHANGE_RATE.as_shown(found)}


def _tax_service(books: Books, visit: Visit) -> Reply:
    """Neither wrapped nor timed (§3.7)."""
    if visit.words[1].lower() != "taxcode":
        raise _no_such_address(visit)
    return 200, JSON_OK, wire.encode(tax_service.create(books, _json(visit)))


def _batch(books: Books, visit: Visit) -> Body:
    return batch.run(books, batch.items_of(_json(visit), visit.request_id), visit.order)


Act = Callable[[Books, Visit], Body | Reply]
_ADDRESSES: dict[tuple[str, str, int], Act] = {
    ("query", "GET", 1): _query,
    ("query", "POST", 1): _query,
    ("cdc", "GET", 1): _changes,
    ("batch", "POST", 1): _batch,
    ("taxservice", "POST", 2): _tax_service,
    **{(word, "POST", 1): _write for word in BY_WORD},
    **{(word, "GET", 2): _read for word in BY_WORD},
    **{(word, "GET", 1): _read for word in _SOLE},
    **{(word, "GET", 3): _pdf for word, kind in BY_WORD.items() if "pdf" in kind.operations},
    **{(word, "POST", 3): _send for word, kind in BY_WORD.items() if "send" in kind.operations},
    ("exchangerate", "GET", 1): _rate,
}


def _no_such_address(visit: Visit) -> Refusal:
    return refusals.unsupported_operation(f"/v3/company/{visit.realm}/{'/'.join(visit.words)[:200]}")


def _answer(books: Books, visit: Visit) -> Reply:
    """Chosen by word, method and number of words; anything else is an address Intuit does not know (§8.2 code 500)."""
    act = _ADDRESSES.get((visit.word, visit.method, len(visit.words)))
    if act is None:
        raise _no_such_address(visit)
    made = act(books, visit)
    return made if isinstance(made, tuple) else success(made, visit.came, as_xml=visit.wants_xml)


def carry_out(world: World, visit: Visit) -> Reply:
    """Status, content type and text; a repeated `requestid` gets the first answer again."""
    books = world.books[visit.realm]
    try:
        earlier = earlier_reply(world, visit.realm, visit.request_id)
        if earlier is not None:
            return earlier
        reply = _answer(books, visit)
    except Refusal as refusal:
        reply = refused(refusal, visit.came, as_xml=visit.wants_xml)
    remember(world, visit.realm, visit.request_id, reply)
    return reply
