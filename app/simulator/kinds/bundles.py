"""A bundle on a sales form (§3.9): a Group item and the lines it stands for."""

from collections.abc import Callable
from decimal import Decimal

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.fields import Field, Spot, number, reference
from app.simulator.kinds.lines import numbered

BUNDLE = "GroupLineDetail"


def _group(value: object, spot: Spot) -> object:
    """A reference to an item of type Group; any other is refused (6000, the text is not recorded)."""
    found = reference("Item")(value, spot)
    item = spot.books.get("Item", str(value["value"])) if isinstance(value, dict) else None
    if item is None or item["Type"] != "Group":
        raise refusals.business("Only a bundle can be used on a group line.")
    return found


BUNDLE_DETAIL = (Field("GroupItemRef", _group), Field("Quantity", number))


def bundle_line(books: Books, line: Body, complete: Callable[[Body], Body]) -> Body:
    """The line with its inner lines, those sent or else those of the bundle times its quantity; Amount is their sum."""
    detail = dict(line.get(BUNDLE) or {})
    if "GroupItemRef" not in detail:
        raise refusals.Refusal(refusals.missing("GroupItemRef"))
    quantity = wire.money(detail.get("Quantity", 1))
    inner = detail.get("Line") or _components(books, detail["GroupItemRef"]["value"], quantity)
    made = numbered([complete(one) for one in inner], set())
    amount = sum((wire.money(one["Amount"]) for one in made), Decimal(0))
    return line | {"Amount": wire.amount(amount), BUNDLE: detail | {"Quantity": wire.number(quantity), "Line": made}}


def _components(books: Books, group_id: str, quantity: Decimal) -> list[Body]:
    group = books.get("Item", group_id) or {}
    lines = []
    for part in (group.get("ItemGroupDetail") or {}).get("ItemGroupLine", ()):
        item = books.get("Item", part["ItemRef"]["value"]) or {}
        sold = {"ItemRef": part["ItemRef"], "Qty": wire.number(wire.money(part["Qty"]) * quantity),
                "UnitPrice": item.get("UnitPrice", 0), "TaxCodeRef": item.get("SalesTaxCodeRef")}  # fmt: skip
        lines.append({"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": sold})
    return lines
