"""Lines of what is bought (§3.12): by account or by item, never both (§10.15)."""

from decimal import Decimal

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.fields import Field, Reader, amount, choice, number, read_only, reference, structure
from app.simulator.kinds.lines import (
    known_ids,
    line_fields,
    line_list,
    numbered,
    ordered,
    priced_amount,
    tax_code,
)  # fmt: skip

ACCOUNT, ITEM = "AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail"
_ORDER = ("CustomerRef", "ClassRef", "AccountRef", "ItemRef", "UnitPrice", "Qty", "BillableStatus", "TaxCodeRef")
_SHARED = (
    Field("CustomerRef", reference("Customer")),
    Field("ClassRef", reference("Class")),
    Field("BillableStatus", choice("Billable", "NotBillable", "HasBeenBilled")),
    Field("TaxCodeRef", tax_code),
    Field("TaxAmount", amount),
    Field("TaxInclusiveAmt", amount),
    *read_only("MarkupInfo"),
)
_DETAILS: dict[str, Reader] = {
    ACCOUNT: structure(ACCOUNT, Field("AccountRef", reference("Account")), *_SHARED),
    ITEM: structure(
        ITEM, Field("ItemRef", reference("Item")), Field("Qty", number), Field("UnitPrice", number), *_SHARED
    ),
}
# A line's own DepartmentRef is unknown here and refused with 2010, as was seen live (§3.13).
LINES = line_list((ACCOUNT, ITEM, "DescriptionOnly"), line_fields(_DETAILS, *read_only("LinkedTxn")))
_NEEDED = {ACCOUNT: "AccountRef", ITEM: "ItemRef"}


def _bought(books: Books, line: Body) -> Body:
    """A line with its defaults; 2020 without account or item, 6000 with both (§10.15; the text is not recorded)."""
    kind = line["DetailType"]
    if kind not in _NEEDED:
        return line
    if ACCOUNT in line and ITEM in line:
        raise refusals.business("A line has either an account or an item.")
    detail = dict(line.get(kind) or {})
    if _NEEDED[kind] not in detail:
        raise refusals.Refusal(refusals.missing(_NEEDED[kind]))
    # A customer without BillableStatus may default to Billable (§3.12); "may" is played as "does".
    detail.setdefault("BillableStatus", "Billable" if "CustomerRef" in detail else "NotBillable")
    if books.country == "US":
        detail["TaxCodeRef"] = detail.get("TaxCodeRef") or {"value": "NON"}
    return line | {"Amount": wire.amount(priced_amount(books, line, detail)), kind: ordered(detail, _ORDER)}


def complete_lines(books: Books, sent: list[Body], old: list[Body]) -> list[Body]:
    """The whole array as kept: amounts checked, ids given."""
    if not sent:
        raise refusals.Refusal(refusals.missing("Line"))
    return numbered([_bought(books, line) for line in sent], known_ids(old))


def net_of(lines: list[Body]) -> Decimal:
    """What the lines come to before tax."""
    return sum((wire.money(line.get("Amount")) for line in lines), Decimal(0))
