"""Create, update, delete, void (§2.5, §2.6): one way for every kind, the API and the console alike."""

from app.simulator.bookkeeping import clock, refusals
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.company_setup import PRODUCT
from app.simulator.kinds.fields import Field, Spot, read_fields
from app.simulator.kinds.kind import Draft, Kind

_NOTHING_LEFT: Body = {"TotalAmt": 0, "Balance": 0, "RemainingCredit": 0, "UnappliedAmt": 0, "Line": []}
_LAID_OVER = frozenset({"Preferences"})
"""Kinds whose updates are sparse whatever they say; sections are laid over each other key by key."""
NO_INCLUDE = frozenset[str]()
AUTHOR = "9341450000000099"
"""The user id that MetaData names where it names one; there is one bookkeeper."""


def write(books: Books, kind: Kind, raw: object, operation: str, *, include: frozenset[str] = NO_INCLUDE) -> Body:
    """Carry out one write and return the record as it stands afterwards (or its tombstone).

    `operation` is "" (create, or update when an Id is there), create, update, delete or void. Raises `Refusal`.
    """
    if not isinstance(raw, dict):
        raise refusals.unreadable("JSON object")
    raw = raw | (kind.identify(books, raw) if kind.identify else {})
    operation = _operation(raw, operation, include)
    if operation not in kind.operations:
        raise refusals.unsupported(f"{operation} {kind.name.lower()}")
    _refuse_expired(books)
    if operation == "create":
        return _create(books, kind, raw, include)
    old = _current(books, kind, raw)
    if operation == "update":
        return _update(books, kind, raw, old, include=include)
    return _delete(books, kind, old) if operation == "delete" else _void(books, kind, old)


def _operation(raw: Body, operation: str, include: frozenset[str]) -> str:
    if "void" in include:
        return "void"
    if operation in {"", "update", "create"}:
        return "update" if raw.get("Id") is not None and operation != "create" else operation or "create"
    return operation


def _refuse_expired(books: Books) -> None:
    """A company whose subscription ended is read-only (§3.1)."""
    company = books.get("CompanyInfo", "1") or {}
    pairs = {pair["Name"]: pair["Value"] for pair in company.get("NameValue", ())}
    if pairs.get("SubscriptionStatus") == "EXPIRED":
        raise refusals.company_read_only(PRODUCT)


def _current(books: Books, kind: Kind, raw: Body) -> Body:
    """The record to change. Refuses unknown ids (610), no ids (2020, 2030) and old SyncTokens (5010)."""
    old = read(books, kind, raw.get("Id"))
    token = raw.get("SyncToken")
    if token is None:
        raise refusals.Refusal(refusals.missing("SyncToken"))
    if str(token) != old["SyncToken"]:
        raise refusals.stale("Sam Bookkeeper")
    return old


def read(books: Books, kind: Kind, record_id: object) -> Body:
    """A live record. Raises 2020 or 2030 for no or a wrong id, 610 for what is not or no longer there."""
    if record_id is None or record_id == "":
        raise refusals.Refusal(refusals.missing("Id"))
    shown = str(record_id)
    if isinstance(record_id, bool | dict | list) or not (shown.isascii() and shown.isdigit()):
        raise refusals.invalid_id(record_id)
    found = books.get(kind.name, shown)
    if found is None:
        gone = shown in books.shelves[kind.name].tombstones
        raise refusals.deleted_transaction() if gone else refusals.not_found()
    return found


def _sent(books: Books, kind: Kind, raw: Body) -> Body:
    return read_fields(raw, kind.known, Spot(books, kind.name))


def _refuse_absent(fields: tuple[Field, ...], body: Body) -> None:
    absent = [refusals.missing(one.name) for one in fields if one.required and body.get(one.name) in (None, [])]
    if absent:
        raise refusals.Refusal(*absent)


def _refuse_unsaid(names: tuple[str, ...], raw: Body) -> None:
    """Some properties must come with every update (§2.5)."""
    absent = [refusals.missing(name) for name in names if raw.get(name) is None]
    if absent:
        raise refusals.Refusal(*absent)


def refuse_deposited(old: Body) -> None:
    """What lies on a bank deposit cannot be changed, voided or deleted (§2.6: 6540)."""
    if any(link.get("TxnType") == "Deposit" for link in old.get("LinkedTxn", ())):
        raise refusals.deposited()


def _create(books: Books, kind: Kind, raw: Body, include: frozenset[str]) -> Body:
    sent = _sent(books, kind, raw)
    merged = _without_nothing(sent)
    _refuse_absent(kind.fields, merged)
    body = kind.complete(Draft(books, sent, None, merged, include=include, kind=kind.name))
    now = clock.stamp(books.clock.now())
    author = {"LastModifiedByRef": {"value": AUTHOR}} if kind.signed else {}
    body = _without_nothing(body) | {
        "domain": "QBO", "sparse": False, "Id": books.next_id(kind.name, kind.first_id), "SyncToken": "0",
        "MetaData": {"CreateTime": now} | author | {"LastUpdatedTime": now},
    }  # fmt: skip
    kept = _keep(books, kind, body, old=None, operation="Create")
    return kind.first_answer(kept) if kind.first_answer else kept


def _without_nothing(body: Body) -> Body:
    return {name: value for name, value in body.items() if value is not None}


def _update(books: Books, kind: Kind, raw: Body, old: Body, *, include: frozenset[str]) -> Body:
    sent = _sent(books, kind, raw)
    sparse = raw.get("sparse") is True or kind.name in _LAID_OVER
    _refuse_unsaid(kind.always, raw)
    refuse_deposited(old)
    merged = _without_nothing(_base(kind, old, sparse=sparse) | sent)
    _refuse_absent(kind.fields, merged)
    body = _without_nothing(kind.complete(Draft(books, sent, old, merged, sparse, include, kind.name)))
    # A list entry that stays as it is keeps its SyncToken; a transaction always moves on (§2.5).
    if kind.is_list and body == old:
        return old
    return _keep(books, kind, books.touch(body), old=old, operation="Update")


def _base(kind: Kind, old: Body, *, sparse: bool) -> Body:
    """What an update starts from: everything, or (full update) only what a client cannot wipe (§2.5)."""
    if sparse:
        return old
    wiped = {one.name for one in kind.fields if not (one.keeps or one.read_only)}
    return {name: value for name, value in old.items() if name not in wiped}


def _keep(books: Books, kind: Kind, body: Body, *, old: Body | None, operation: str) -> Body:
    books.put(kind.name, kind.in_order(body))
    books.announce(kind.name, body["Id"], operation)
    kind.settle(books, old, body)
    return books.get(kind.name, body["Id"]) or body


def _guard(books: Books, kind: Kind, old: Body, operation: str) -> None:
    refuse_deposited(old)
    books.refuse_closed([old.get("TxnDate")])
    if kind.guard:
        kind.guard(books, old, operation)


def _delete(books: Books, kind: Kind, old: Body) -> Body:
    _guard(books, kind, old, "delete")
    emptied = old | {name: value for name, value in _NOTHING_LEFT.items() if name in old}
    books.put(kind.name, emptied)
    kind.settle(books, old, emptied)
    gone = books.remove(kind.name, emptied)
    books.announce(kind.name, old["Id"], "Delete")
    return {name: value for name, value in gone.items() if name != "MetaData"}


def _void(books: Books, kind: Kind, old: Body) -> Body:
    _guard(books, kind, old, "void")
    body = books.touch(kind.voided(old) if kind.voided else old)
    return _keep(books, kind, body, old=old, operation="Void")
