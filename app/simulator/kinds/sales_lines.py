"""Lines of sales forms (§3.9): what may be sent, what the server makes of it."""

from collections.abc import Callable
from decimal import Decimal

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.bundles import BUNDLE, BUNDLE_DETAIL, bundle_line
from app.simulator.kinds.fields import Field, Reader, Spot, amount, day, flag, number, reference, structure
from app.simulator.kinds.fields import read_only as server_made
from app.simulator.kinds.lines import (
    emptied,
    is_a,
    known_ids,
    line_fields,
    line_list,
    numbered,
    ordered,
    priced_amount,
    tax_code,
)  # fmt: skip

ITEM, DISCOUNT, SUBTOTAL = "SalesItemLineDetail", "DiscountLineDetail", "SubTotalLineDetail"
_ITEM_ORDER = ("ServiceDate", "ItemRef", "ClassRef", "UnitPrice", "Qty", "ItemAccountRef", "TaxCodeRef")
# Shipping and gratuity are lines whose item is a word (§3.9), shipping only where the preference allows it.
_PSEUDO_ITEMS = {"SHIPPING_ITEM_ID": "AllowShipping", "GRATUITY_ITEM_ID": None}


def _item(value: object, spot: Spot) -> object:
    word = value.get("value") if isinstance(value, dict) else None
    if word not in _PSEUDO_ITEMS:
        return reference("Item")(value, spot)
    preference = _PSEUDO_ITEMS[str(word)]
    if preference and not spot.books.preference("SalesFormsPrefs", preference):
        raise refusals.business("Shipping is turned off in this company's preferences.")
    return {"value": word}


_ITEM_DETAIL = structure(
    ITEM,
    Field("ItemRef", _item),
    Field("UnitPrice", number),
    Field("Qty", number),
    Field("TaxCodeRef", tax_code),
    Field("ServiceDate", day),
    Field("ClassRef", reference("Class")),
    Field("TaxInclusiveAmt", amount),
    Field("DiscountRate", number),
    Field("DiscountAmt", amount),
    *server_made("ItemAccountRef", "TaxClassificationRef", "MarkupInfo"),
)
_DETAILS: dict[str, Reader] = {
    ITEM: _ITEM_DETAIL,
    DISCOUNT: structure(
        DISCOUNT,
        Field("PercentBased", flag),
        Field("DiscountPercent", number),
        Field("DiscountAccountRef", reference("Account")),
        Field("TaxCodeRef", tax_code),
        Field("ClassRef", reference("Class")),
    ),
    "DescriptionLineDetail": structure(
        "DescriptionLineDetail", Field("ServiceDate", day), Field("TaxCodeRef", tax_code)
    ),
}
_FIELDS = line_fields(_DETAILS, *server_made("LinkedTxn"))
LINES = line_list(
    (ITEM, DISCOUNT, "DescriptionOnly", SUBTOTAL, BUNDLE),
    (*_FIELDS, Field(BUNDLE, structure(BUNDLE, *BUNDLE_DETAIL, Field("Line", line_list((ITEM,), _FIELDS))))),
)


def _us_code(books: Books, item: Body) -> Body:
    """A line without code in the United States: by its item, or taxable (§3.9, §4.4: sources disagree)."""
    taxable = item.get("Taxable") or books.switches["us_absent_tax_code"] == "taxable"
    return {"value": "TAX" if taxable else "NON"}


def _item_line(books: Books, line: Body) -> Body:
    detail = dict(line.get(ITEM) or {})
    item = books.get("Item", str(detail.get("ItemRef", {}).get("value", ""))) or {}
    detail["ItemAccountRef"] = item.get("IncomeAccountRef")
    if books.country == "US":
        detail["TaxCodeRef"] = detail.get("TaxCodeRef") or _us_code(books, item)
    priced = {"Amount": wire.amount(priced_amount(books, line, detail)), ITEM: ordered(detail, _ITEM_ORDER)}
    return line | priced | {"CustomExtensions": []}


def _discount_line(books: Books, line: Body, subtotal: Decimal) -> Body:
    """A percentage of the subtotal, or an amount; needs the preference AllowDiscount (§3.9)."""
    if not books.preference("SalesFormsPrefs", "AllowDiscount"):
        raise refusals.business("Discounts are turned off in this company's preferences.")
    detail = line.get(DISCOUNT) or {}
    percent = wire.money(detail.get("DiscountPercent"))
    value = wire.money(line.get("Amount"))
    if detail.get("PercentBased"):
        value = subtotal * percent / 100
    return line | {"Amount": wire.amount(value), DISCOUNT: detail}


def _completed(books: Books, line: Body) -> Body:
    if is_a(line, ITEM):
        return _item_line(books, line)
    if is_a(line, BUNDLE):
        return bundle_line(books, line, lambda inner: _item_line(books, inner))
    return line


def as_it_is(line: Body) -> Body:
    """A line whose Amount is taken as net."""
    return line


def complete_lines(
    books: Books, sent: list[Body], old: list[Body], *, net: Callable[[Body], Body] = as_it_is
) -> list[Body]:
    """The whole array as kept: amounts checked, made net, ids given, subtotal appended before discounts (§3.9)."""
    kept = [line for line in sent if not is_a(line, SUBTOTAL)]
    if not kept:
        raise refusals.Refusal(refusals.missing("Line"))
    priced = [net(_completed(books, line)) for line in kept]
    subtotal = sum((wire.money(line["Amount"]) for line in priced if line["DetailType"] in (ITEM, BUNDLE)), Decimal(0))
    full = [_discount_line(books, line, subtotal) if is_a(line, DISCOUNT) else line for line in priced]
    return _with_subtotal(numbered(full, known_ids(old)), subtotal)


def _with_subtotal(lines: list[Body], subtotal: Decimal) -> list[Body]:
    """The server's own line stands before the discount, of which there may be only one (§3.9)."""
    discounts = [line for line in lines if is_a(line, DISCOUNT)]
    if len(discounts) > 1:
        raise refusals.business("You can only have one discount per transaction.")
    total: Body = {"Amount": wire.amount(subtotal), "DetailType": SUBTOTAL, SUBTOTAL: {}}
    return [*(line for line in lines if not is_a(line, DISCOUNT)), total, *discounts]


def sold_lines(lines: list[Body]) -> list[Body]:
    """The item lines of a form, those inside bundles too."""
    inside = [inner for line in lines if is_a(line, BUNDLE) for inner in line[BUNDLE]["Line"]]
    return [line for line in lines if is_a(line, ITEM)] + inside


def voided_lines(lines: list[Body]) -> list[Body]:
    """Every amount 0, quantity 0, price gone, item and tax code kept (§2.6)."""
    made = []
    for line in lines:
        shown = line | {"Amount": 0}
        if ITEM in line:
            shown[ITEM] = emptied(line[ITEM])
        if BUNDLE in line:
            shown[BUNDLE] = line[BUNDLE] | {"Line": voided_lines(line[BUNDLE]["Line"])}
        made.append(shown)
    return made
