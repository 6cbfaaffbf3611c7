"""The lines of an invoice or credit memo as QuickBooks has them, read into small facts (pure).

Subtotals are left out: QuickBooks writes them itself. A discount over the whole document, a shipping line and whatever
else is charged count as lines without item; groups are told by the lines inside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from app.quickbooks.reading import Entity, number, part, parts, pence, said, text

_SOLD = "SalesItemLineDetail"
_GROUP = "GroupLineDetail"
_DISCOUNT = "DiscountLineDetail"
_OWN_SUMS = frozenset({"SubTotalLineDetail", "TDSLineDetail"})


class LineSeen(NamedTuple):
    """One line: amounts in pence, the price in pounds; quantity and price are None where the line names neither."""

    description: str
    amount_pence: int
    item_id: str = ""
    tax_code_id: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    is_comment: bool = False

    def agrees(self, other: LineSeen) -> bool:
        """Whether the other costs the same under the same tax code; one without a code tells nothing of it."""
        same_tax = not self.tax_code_id or self.tax_code_id == other.tax_code_id
        return same_tax and self.amount_pence == other.amount_pence


def lines_of(record: Entity) -> tuple[LineSeen, ...]:
    """The lines of a record in their order. Raises UnknownOutcome for amounts that can't be read."""
    return tuple(_lines(record))


def _lines(record: Entity) -> Iterator[LineSeen]:
    for line in parts(record, "Line"):
        kind = text(line, "DetailType")
        if kind == _GROUP:
            yield from _lines(part(line, _GROUP))
        elif kind not in _OWN_SUMS:
            yield _line(line, kind)


def _line(line: Entity, kind: str) -> LineSeen:
    detail, amount = part(line, kind), pence(said(line, "Amount"))
    description = text(line, "Description")
    if kind != _SOLD:
        return LineSeen(description, -amount if kind == _DISCOUNT else amount, is_comment=not amount)
    return LineSeen(
        description,
        amount,
        item_id=text(part(detail, "ItemRef"), "value"),
        tax_code_id=text(part(detail, "TaxCodeRef"), "value"),
        quantity=_number(detail, "Qty"),
        unit_price=_number(detail, "UnitPrice"),
    )


def _number(detail: Entity, name: str) -> Decimal | None:
    told = said(detail, name)
    return None if told is None else number(told)
