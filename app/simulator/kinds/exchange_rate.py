"""ExchangeRate (§3.17): what one unit of a foreign currency is worth at home on a day. Shown without Id."""

from collections.abc import Iterable, Mapping
from datetime import date

from app.simulator.bookkeeping import clock, refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.columns import Column
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.currencies import home_code, is_multi_currency, rate_on
from app.simulator.kinds.fields import Field, day, number, read_only, text
from app.simulator.kinds.kind import LIST_OPERATIONS, SYSTEM_ORDER, Draft, Kind

_NO_EVENTS = frozenset[str]()


def _refuse(books: Books, code: str) -> None:
    """The home currency has no rate (§3.17: a validation error; its text is not recorded), nor has one unheard of."""
    if not is_multi_currency(books) or code.upper() == home_code(books):
        raise refusals.business("Source currency code must be a foreign currency of this company.")
    if not books.shelves["CompanyCurrency"].find("Code", code.casefold()):
        raise refusals.invalid_choice(code, "SourceCurrencyCode")


def complete(draft: Draft) -> Body:
    """A rate for a day, today when none is named."""
    code = str(draft.merged["SourceCurrencyCode"]).upper()
    _refuse(draft.books, code)
    if wire.money(draft.merged["Rate"]) <= 0:
        raise refusals.invalid_number(draft.merged["Rate"], "Rate")
    home = {"TargetCurrencyCode": home_code(draft.books)}
    dated = {"AsOfDate": draft.books.today().isoformat()} | draft.merged
    return dated | home | {"SourceCurrencyCode": code}


def present(books: Books, code: str, as_of: str) -> Body:
    """QuickBooks' own rate of a currency on a day (today for ""). Raises 6000 and 2170."""
    _refuse(books, code)
    wanted = as_of or books.today().isoformat()
    try:
        date.fromisoformat(wanted)
    except ValueError as error:
        raise refusals.unreadable(f"AsOfDate {as_of[:50]}") from error
    return _stored(books, code.upper(), wanted) or _written_down(books, code.upper(), wanted)


def _stored(books: Books, code: str, as_of: str) -> Body | None:
    shelf = books.shelves["ExchangeRate"]
    rates = (shelf.get(one) for one in reversed(shelf.find("SourceCurrencyCode", code.casefold())))
    return next((rate for rate in rates if rate and rate["AsOfDate"] == as_of), None)


def _identified(books: Books, raw: Body) -> Body:
    """A currency has one rate a day: setting it again changes that (python-quickbooks' tests, seen live)."""
    as_of = str(raw.get("AsOfDate") or books.today().isoformat())[:10]
    known = _stored(books, str(raw.get("SourceCurrencyCode")).upper(), as_of)
    return {"Id": known["Id"], "SyncToken": known["SyncToken"]} if known else {}


def _written_down(books: Books, code: str, as_of: str) -> Body:
    """The rate of a day nobody has asked for yet: the last one known."""
    now = clock.stamp(books.clock.now())
    rate = {
        "Id": books.next_id("ExchangeRate"), "SyncToken": "0", "SourceCurrencyCode": code,
        "TargetCurrencyCode": home_code(books), "Rate": wire.number(rate_on(books, code, as_of)), "AsOfDate": as_of,
        "domain": "QBO", "sparse": False, "MetaData": {"LastUpdatedTime": now},
    }  # fmt: skip
    books.put("ExchangeRate", EXCHANGE_RATE.in_order(rate))
    return rate


def _before_a_query(books: Books, asked: Mapping[str, Iterable[str]]) -> None:
    """A question about a day finds a rate for every currency asked for, or every one on the list."""
    shelf = books.shelves["CompanyCurrency"]
    listed = [str(body["Code"]) for body in shelf.all()]
    wanted = {code.upper() for code in asked.get("sourcecurrencycode", listed)}
    for as_of in asked.get("asofdate", (books.today().isoformat(),)):
        for code in wanted & set(listed):
            present(books, code, as_of)


def _shown(body: Body) -> Body:
    return {name: value for name, value in body.items() if name not in {"Id", "SyncToken"}}


EXCHANGE_RATE = Kind(
    "ExchangeRate",
    (Field("SourceCurrencyCode", text(3), required=True), Field("Rate", number, required=True),
     Field("AsOfDate", day), *read_only("TargetCurrencyCode")),
    (Column("SourceCurrencyCode", indexed=True), Column("AsOfDate", "day"), Column("TargetCurrencyCode")),
    LIST_OPERATIONS, complete, events=_NO_EVENTS, total_count=True, shown=_shown, prepare=_before_a_query,
    identify=_identified,
    order=("SourceCurrencyCode", "TargetCurrencyCode", "Rate", "AsOfDate", *SYSTEM_ORDER),
)  # fmt: skip
