"""What a property may hold: each type reads a JSON value, refuses what Intuit refuses, and gives its wire form."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body

_HIGHEST = Decimal(99999999999)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# What QuickBooks calls each list when a reference fails (§8.2: Accounts, Names, Klasses, Depts are recorded).
_PLURALS = {
    "Customer": "Names",
    "Vendor": "Names",
    "Employee": "Names",
    "Account": "Accounts",
    "Item": "Items",
    "Class": "Klasses",
    "Department": "Depts",
}


@dataclass(frozen=True)
class Spot:
    """Where a value was found: in whose books, in which class, under which name."""

    books: Books
    class_name: str
    name: str = ""


Reader = Callable[[object, Spot], object]


@dataclass(frozen=True)
class Field:
    """A known property. `keeps` survives a full update that leaves it out (§2.5)."""

    name: str
    read: Reader
    required: bool = False
    keeps: bool = False
    read_only: bool = False


Known = Mapping[str, Field]


def text(limit: int) -> Reader:
    """A string of at most `limit` characters; the empty string clears."""

    def read(value: object, spot: Spot) -> object:
        if isinstance(value, dict | list | bool):
            raise refusals.unreadable(spot.name)
        shown = str(value)
        if len(shown) > limit:
            raise refusals.too_long(limit, spot.name)
        return shown or None

    return read


def _decimal(value: object, spot: Spot) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise refusals.invalid_number(value, spot.name)
    try:
        exact = Decimal(value)
    except (ArithmeticError, ValueError) as error:
        raise refusals.invalid_number(value, spot.name) from error
    if not exact.is_finite() or abs(exact) > _HIGHEST or _places(exact) > 12:
        raise refusals.invalid_number(value, spot.name)
    return exact


def _places(exact: Decimal) -> int:
    exponent = exact.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def amount(value: object, spot: Spot) -> object:
    """Money, rounded half up to two decimals (§3.0)."""
    return wire.amount(_decimal(value, spot))


def number(value: object, spot: Spot) -> object:
    """A quantity, price or rate at full precision."""
    return wire.number(_decimal(value, spot))


def flag(value: object, spot: Spot) -> object:
    """A boolean; the words true and false are taken too."""
    shown = value.lower() if isinstance(value, str) else value
    if shown in ("true", "false"):
        return shown == "true"
    if not isinstance(value, bool):
        raise refusals.unreadable(spot.name)
    return value


def day(value: object, spot: Spot) -> object:
    """A date `YYYY-MM-DD`; a time behind it is cut off."""
    shown = str(value)[:10]
    try:
        known = date.fromisoformat(shown) if _DAY.fullmatch(shown) else None
    except ValueError:
        known = None
    if known is None:
        raise refusals.unreadable(f"{spot.name} {str(value)[:50]}")
    return known.isoformat()


def choice(*words: str) -> Reader:
    """One of a few words (2170 otherwise)."""

    def read(value: object, spot: Spot) -> object:
        if value not in words:
            raise refusals.invalid_choice(value, spot.name)
        return value

    return read


def reference(kind: str) -> Reader:
    """`{"value": id}` of a live, active record; the name is recomputed (§3.0). 2500 otherwise."""

    def read(value: object, spot: Spot) -> object:
        if not isinstance(value, dict):
            raise refusals.unreadable(spot.name)
        record_id = str(value.get("value", ""))
        found = spot.books.get(kind, record_id)
        if found is None:
            raise refusals.invalid_reference(_PLURALS.get(kind, f"{kind}s"), record_id[:50], spot.name)
        if found.get("Active") is False:
            raise refusals.inactive_reference(spot.name)
        return named(kind, found)

    return read


def named(kind: str, record: Body) -> Body:
    """A reference to a record as answers show it."""
    if kind in {"TaxCode", "Term"}:
        return {"value": record["Id"]}
    name = record.get("FullyQualifiedName") or record.get("DisplayName") or record.get("Name", "")
    return {"value": record["Id"], "name": name}


def plain_reference(value: object, spot: Spot) -> object:
    """A reference to something that is no record here (a currency, a user): only its value is kept."""
    if not isinstance(value, dict) or not isinstance(value.get("value"), str):
        raise refusals.unreadable(spot.name)
    return {"value": value["value"][:100]}


def by_name(fields: Iterable[Field]) -> Known:
    """Properties under their names, as `read_fields` looks them up."""
    return {field.name: field for field in fields}


def structure(class_name: str, *fields: Field) -> Reader:
    """An object with known properties of its own; they come back in this order, however they were sent."""
    known = by_name(fields)

    def read(value: object, spot: Spot) -> object:
        if not isinstance(value, dict):
            raise refusals.unreadable(spot.name)
        sent = read_fields(value, known, Spot(spot.books, class_name))
        return {name: sent[name] for name in known if sent.get(name) is not None} or None

    return read


def many(one: Reader, most: int = 10_000) -> Reader:
    """A list (§3.0: at most 10 000 lines or links)."""

    def read(value: object, spot: Spot) -> object:
        if not isinstance(value, list) or len(value) > most:
            raise refusals.unreadable(spot.name)
        entries = [one(entry, spot) for entry in value]
        if None in entries:
            raise refusals.unreadable(spot.name)
        return entries

    return read


def ignored(_value: object, _spot: Spot) -> object:
    """Known but read-only: silently overwritten (§2.5)."""
    return None


def read_only(*names: str) -> tuple[Field, ...]:
    """Properties only the server writes."""
    return tuple(Field(name, ignored, read_only=True) for name in names)


def read_fields(raw: Body, known: Known, spot: Spot) -> Body:
    """The known properties that were sent, in their wire form; None means "cleared".

    JSON null counts as not sent. The empty string clears, whatever the type: clients that send every property they
    know send it for dates, words and numbers too, and live companies took it (python-quickbooks' own tests). Raises
    2010 for an unknown property, and what each type raises.
    """
    sent: Body = {}
    for name, value in raw.items():
        field = known.get(name)
        if field is None:
            raise refusals.unrecognized(name, spot.class_name, list(known))
        if value is not None and not field.read_only:
            sent[name] = None if value == "" else field.read(value, Spot(spot.books, spot.class_name, name))
    return sent
