"""Lines of sales forms (§3.9): what may be sent, what the server makes of it, the arithmetic it insists on (6070)."""

from dataclasses import replace
from decimal import Decimal

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.fields import (
    Field,
    Reader,
    Spot,
    amount,
    day,
    flag,
    many,
    named,
    number,
    read_fields,
    read_only,
    reference,
    structure,
    text,
)  # fmt: skip

_MOST_LINES = 10_000
ITEM, DISCOUNT = "SalesItemLineDetail", "DiscountLineDetail"


def _tax_code(value: object, spot: Spot) -> object:
    """A tax code's id; one that is unknown counts as none, and the VAT rule refuses the document (§4.1)."""
    code_id = str(value.get("value", "")) if isinstance(value, dict) else ""
    return {"value": code_id} if spot.books.get("TaxCode", code_id) else None


_ITEM_DETAIL = structure(
    "SalesItemLineDetail",
    Field("ItemRef", reference("Item")),
    Field("UnitPrice", number),
    Field("Qty", number),
    Field("TaxCodeRef", _tax_code),
    Field("ServiceDate", day),
    Field("ClassRef", reference("Class")),
    Field("TaxInclusiveAmt", amount),
    *read_only("ItemAccountRef", "TaxClassificationRef"),
)
_DISCOUNT_DETAIL = structure(
    "DiscountLineDetail",
    Field("PercentBased", flag),
    Field("DiscountPercent", number),
    Field("DiscountAccountRef", reference("Account")),
    Field("TaxCodeRef", _tax_code),
    Field("ClassRef", reference("Class")),
)
_DESCRIPTION_DETAIL = structure("DescriptionLineDetail", Field("ServiceDate", day), Field("TaxCodeRef", _tax_code))
_DETAILS: dict[str, Reader] = {
    "SalesItemLineDetail": _ITEM_DETAIL,
    "DiscountLineDetail": _DISCOUNT_DETAIL,
    "DescriptionLineDetail": _DESCRIPTION_DETAIL,
}
_TYPES = ("SalesItemLineDetail", "DiscountLineDetail", "DescriptionOnly", "SubTotalLineDetail")
_FIELDS = (
    Field("Id", text(20)),
    Field("LineNum", number),
    Field("Description", text(4000)),
    Field("Amount", amount),
    Field("DetailType", text(50)),
    *(Field(name, read) for name, read in _DETAILS.items()),
    *read_only("LinkedTxn", "CustomExtensions", "CustomField", "SubTotalLineDetail"),
)


def _line(value: object, spot: Spot) -> object:
    if not isinstance(value, dict):
        raise refusals.unreadable(spot.name)
    if value.get("DetailType") not in _TYPES:
        if "DetailType" not in value:
            raise refusals.Refusal(refusals.missing("DetailType"))
        raise refusals.invalid_choice(value["DetailType"], "DetailType")
    return read_fields(value, _FIELDS, replace(spot, class_name="Line"))


LINES = many(_line, _MOST_LINES)


def _derived_amount(line: Body) -> Decimal:
    """The line's amount; refuses (6070) what differs from UnitPrice times Qty rounded half up (§8.2)."""
    detail = line.get("SalesItemLineDetail") or {}
    priced = "UnitPrice" in detail and "Qty" in detail
    product = wire.pence(Decimal(detail["UnitPrice"]) * Decimal(detail["Qty"])) if priced else None
    if line.get("Amount") is None:
        if product is None:
            raise refusals.Refusal(refusals.missing("Amount"))
        return product
    sent = wire.money(line["Amount"])
    if product is not None and product != sent:
        raise refusals.amount_not_equal(f"{sent:,.2f}")
    return sent


def _item_line(books: Books, line: Body) -> Body:
    detail = dict(line.get("SalesItemLineDetail") or {})
    item = books.get("Item", str(detail.get("ItemRef", {}).get("value", "")))
    account = (item or {}).get("IncomeAccountRef")
    code = detail.pop("TaxCodeRef", None)
    made = {name: detail[name] for name in detail if detail[name] is not None}
    if account:
        made["ItemAccountRef"] = account
    if code:
        made["TaxCodeRef"] = code
    return line | {"Amount": wire.amount(_derived_amount(line)), "SalesItemLineDetail": made}


def _discount_line(line: Body, subtotal: Decimal) -> Body:
    detail = line.get("DiscountLineDetail") or {}
    percent = wire.money(detail.get("DiscountPercent"))
    value = wire.money(line.get("Amount"))
    if detail.get("PercentBased"):
        value = subtotal * percent / 100
    return line | {"Amount": wire.amount(value), "DiscountLineDetail": detail}


def _numbered(lines: list[Body], known: set[str]) -> list[Body]:
    """Lines with ids: a known one is kept, others get the next free number (§2.5); LineNum counts from 1."""
    highest = max((int(line_id) for line_id in known if line_id.isdigit()), default=0)
    made = []
    for position, line in enumerate(lines, start=1):
        line_id = str(line.get("Id") or "")
        if line_id not in known:
            highest += 1
            line_id = str(highest)
        rest = {name: value for name, value in line.items() if name not in {"Id", "LineNum"} and value is not None}
        made.append({"Id": line_id, "LineNum": position} | rest)
    return made


def _is(line: Body, detail_type: str) -> bool:
    return bool(line["DetailType"] == detail_type)


def complete_lines(books: Books, sent: list[Body], old: list[Body]) -> list[Body]:
    """The whole array as kept: amounts checked, ids given, subtotal appended before discounts (§3.9)."""
    kept = [line for line in sent if not _is(line, "SubTotalLineDetail")]
    if not kept:
        raise refusals.Refusal(refusals.missing("Line"))
    priced = [_item_line(books, line) if _is(line, ITEM) else line for line in kept]
    return _totalled(priced, {str(line["Id"]) for line in old if "Id" in line})


def _totalled(priced: list[Body], known: set[str]) -> list[Body]:
    subtotal = sum((wire.money(line["Amount"]) for line in priced if _is(line, ITEM)), Decimal(0))
    full = [_discount_line(line, subtotal) if _is(line, DISCOUNT) else line for line in priced]
    return _with_subtotal(_numbered(full, known), subtotal)


def _with_subtotal(lines: list[Body], subtotal: Decimal) -> list[Body]:
    """The server's own line stands before the discount, of which there may be only one (§3.9)."""
    discounts = [line for line in lines if _is(line, DISCOUNT)]
    if len(discounts) > 1:
        raise refusals.business("You can only have one discount per transaction.")
    total: Body = {"Amount": wire.amount(subtotal), "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
    return [*(line for line in lines if not _is(line, DISCOUNT)), total, *discounts]


def voided_lines(lines: list[Body]) -> list[Body]:
    """Every amount 0, quantity 0, price gone, item and tax code kept (§2.6)."""
    made = []
    for line in lines:
        detail = line.get("SalesItemLineDetail")
        shown = line | {"Amount": 0}
        if detail:
            kept = {name: value for name, value in detail.items() if name not in {"UnitPrice", "TaxInclusiveAmt"}}
            shown["SalesItemLineDetail"] = kept | ({"Qty": 0} if "Qty" in kept else {})
        made.append(shown)
    return made


def customer_reference(books: Books, record_id: str) -> Body:
    """A customer as sales forms show it."""
    found = books.get("Customer", record_id)
    return named("Customer", found) if found else {"value": record_id}
