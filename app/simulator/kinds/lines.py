"""Lines of documents, sold or bought: how they are read, priced (6070), numbered."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.fields import Field, Reader, Spot, amount, by_name, many, number, read_fields, read_only, text

_MOST_LINES = 10_000
_ORDER = ("Id", "LineNum", "Description", "Amount", "LinkedTxn", "DetailType")


def tax_code(value: object, spot: Spot) -> object:
    """A tax code's id; one that is unknown counts as none, and the VAT rule refuses the document (§4.1)."""
    code_id = str(value.get("value", "")) if isinstance(value, dict) else ""
    return {"value": code_id} if spot.books.get("TaxCode", code_id) else None


def line_fields(details: Mapping[str, Reader], *more: Field) -> tuple[Field, ...]:
    """What a line may hold: the same for all, and the details of its documents."""
    return (
        Field("Id", text(20)),
        Field("LineNum", number),
        Field("Description", text(4000)),
        Field("Amount", amount),
        Field("DetailType", text(50)),
        *(Field(name, read) for name, read in details.items()),
        *more,
        *read_only("CustomExtensions", "CustomField", "SubTotalLineDetail"),
    )


def line_list(types: tuple[str, ...], fields: tuple[Field, ...]) -> Reader:
    """The reader of a `Line` array whose DetailType is one of `types`: 2020 without, 2170 for another."""
    known = by_name(fields)

    def read(value: object, spot: Spot) -> object:
        if not isinstance(value, dict):
            raise refusals.unreadable(spot.name)
        if "DetailType" not in value:
            raise refusals.Refusal(refusals.missing("DetailType"))
        if value["DetailType"] not in types:
            raise refusals.invalid_choice(value["DetailType"], "DetailType")
        return read_fields(value, known, replace(spot, class_name="Line"))

    return many(read, _MOST_LINES)


def is_a(line: Body, detail_type: str) -> bool:
    """Whether a line is of this type."""
    return bool(line["DetailType"] == detail_type)


def _says_nothing(books: Books, detail: Body) -> bool:
    """Whether price and quantity are both nought and, by the switch, count as not sent.

    `python-quickbooks` sends them so beside an Amount alone, and its own tests pass against a live company.
    """
    noughts = not Decimal(detail["UnitPrice"]) and not Decimal(detail["Qty"])
    return noughts and books.switches["nought_times_nought"] == "not_sent"


def priced_amount(books: Books, line: Body, detail: Body) -> Decimal:
    """The line's amount; refuses (6070) what differs from UnitPrice times Qty rounded half up (§8.2)."""
    priced = "UnitPrice" in detail and "Qty" in detail
    product = wire.pence(Decimal(detail["UnitPrice"]) * Decimal(detail["Qty"])) if priced else None
    if line.get("Amount") is None:
        if product is None:
            raise refusals.Refusal(refusals.missing("Amount"))
        return product
    sent = wire.money(line["Amount"])
    if product is not None and product != sent and not _says_nothing(books, detail):
        raise refusals.amount_not_equal(f"{sent:,.2f}")
    return sent


def ordered(detail: Body, order: tuple[str, ...]) -> Body:
    """A detail without empty entries, its keys as recorded."""
    kept = {name: value for name, value in detail.items() if value is not None}
    return {name: kept[name] for name in order if name in kept} | kept


def numbered(lines: list[Body], known: set[str]) -> list[Body]:
    """Lines with ids: a known one is kept, others get the next free number (§2.5); LineNum counts from 1."""
    highest = max((int(line_id) for line_id in known if line_id.isdigit()), default=0)
    made = []
    for position, line in enumerate(lines, start=1):
        line_id = str(line.get("Id") or "")
        if line_id not in known:
            highest += 1
            line_id = str(highest)
        made.append(ordered(line | {"Id": line_id, "LineNum": position}, _ORDER))
    return made


def known_ids(lines: list[Body]) -> set[str]:
    """The ids the lines of a document had so far."""
    return {str(line["Id"]) for line in lines if "Id" in line}


def emptied(detail: Body) -> Body:
    """A detail of a void document: quantity 0, price gone, the rest kept (§2.6)."""
    kept = {name: value for name, value in detail.items() if name not in {"UnitPrice", "TaxInclusiveAmt"}}
    return kept | ({"Qty": 0} if "Qty" in kept else {})
