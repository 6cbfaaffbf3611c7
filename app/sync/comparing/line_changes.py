"""Which lines of a document differ between what QuickBooks was told and what it shows now (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.billing.faults import decimals
from app.billing.wording import amount
from app.quickbooks.sold_lines import LineSeen
from app.sync.comparing.drifts import DriftCause

_PENCE = 2
_MOST_TOLD = 3
"""Lines that an explanation names; a document may have hundreds."""


class LineChange(NamedTuple):
    """One line with both sides; ours is None for one that was added there, theirs for one that was taken out."""

    at: int
    """1 for the first line; where it was added, its place there."""
    ours: LineSeen | None
    theirs: LineSeen | None

    @property
    def cause(self) -> DriftCause:
        """What a bookkeeper did to it."""
        if self.ours is None:
            return DriftCause.LINE_ADDED
        if self.theirs is None:
            return DriftCause.LINE_REMOVED
        if not _same_number(self.ours.quantity, self.theirs.quantity) and _same_price(self.ours, self.theirs):
            return DriftCause.QUANTITY
        return DriftCause.TAX_CODE if self.ours.amount_pence == self.theirs.amount_pence else DriftCause.PRICE


_Pair = tuple[int | None, int | None]
_Rest = tuple[list[int], list[int]]
_Alike = Callable[[LineSeen, LineSeen], bool]


def pairs(ours: Sequence[LineSeen], theirs: Sequence[LineSeen]) -> list[_Pair]:
    """Which line of theirs is which of ours, by index: first those that say the same, then those about the same."""
    left, right = list(range(len(ours))), list(range(len(theirs)))
    found: list[_Pair] = []
    for alike in (_says_the_same, _is_about_the_same, _is_of_the_same_item):
        found += _taken_out(ours, theirs, (left, right), alike)
    return [*found, *((mine, None) for mine in left), *((None, seen) for seen in right)]


def changes(ours: Sequence[LineSeen], theirs: Sequence[LineSeen]) -> list[LineChange]:
    """The lines that differ, in the order of ours; comments say nothing about money and are left out."""
    sold, seen = _charged(ours), _charged(theirs)
    found = [
        _change(sold, seen, mine, there)
        for mine, there in pairs(sold, seen)
        if mine is None or there is None or not sold[mine].agrees(seen[there])
    ]
    return sorted(found, key=lambda change: change.at)


def one_cause(found: Sequence[LineChange]) -> DriftCause:
    """What the changes come to: one cause where all have it."""
    causes = {change.cause for change in found}
    return causes.pop() if len(causes) == 1 else DriftCause.AMOUNT


def explained(found: Sequence[LineChange], currency: str, tax_names: Mapping[str, str]) -> str:
    """The changes in a bookkeeper's words; `tax_names` are QuickBooks' tax codes by id."""
    told = [_told(change, currency, tax_names) for change in found[:_MOST_TOLD]]
    more = len(found) - len(told)
    return " ".join([*told, f"{more} more lines differ."] if more else told)


def tax_codes(found: Sequence[LineChange], tax_names: Mapping[str, str]) -> tuple[str, str]:
    """Both sides' tax codes of the lines that differ, as a person reads them."""
    ours = ", ".join(f"line {one.at}: {_tax(one.ours, tax_names)}" for one in found[:_MOST_TOLD])
    return ours, ", ".join(f"line {one.at}: {_tax(one.theirs, tax_names)}" for one in found[:_MOST_TOLD])


def _charged(lines: Sequence[LineSeen]) -> list[LineSeen]:
    return [line for line in lines if not line.is_comment]


def _taken_out(ours: Sequence[LineSeen], theirs: Sequence[LineSeen], rest: _Rest, alike: _Alike) -> Iterator[_Pair]:
    """The pairs among what rests on both sides; they are taken out of it."""
    left, right = rest
    for mine in list(left):
        seen = next((seen for seen in right if alike(ours[mine], theirs[seen])), None)
        if seen is not None:
            left.remove(mine)
            right.remove(seen)
            yield mine, seen


def _change(ours: Sequence[LineSeen], theirs: Sequence[LineSeen], mine: int | None, seen: int | None) -> LineChange:
    here, there = (None if mine is None else ours[mine]), (None if seen is None else theirs[seen])
    return LineChange((mine if mine is not None else seen or 0) + 1, here, there)


def _says_the_same(one: LineSeen, other: LineSeen) -> bool:
    return one.description == other.description and one.agrees(other)


def _is_about_the_same(one: LineSeen, other: LineSeen) -> bool:
    return one.description == other.description and one.item_id == other.item_id


def _is_of_the_same_item(one: LineSeen, other: LineSeen) -> bool:
    return bool(one.item_id) and one.item_id == other.item_id and (one.amount_pence < 0) == (other.amount_pence < 0)


def _same_price(one: LineSeen, other: LineSeen) -> bool:
    return _same_number(one.unit_price, other.unit_price)


def _same_number(one: Decimal | None, other: Decimal | None) -> bool:
    return one is None or other is None or one == other


def _told(change: LineChange, currency: str, tax_names: Mapping[str, str]) -> str:
    name = (change.ours or change.theirs or LineSeen("", 0)).description.splitlines()
    which = f"Line {change.at}" + (f" “{name[0][:60]}”" if name else "")
    if change.cause is DriftCause.LINE_ADDED:
        return f"{which} was added there: {_charge(change.theirs, currency)}."
    if change.cause is DriftCause.LINE_REMOVED:
        return f"{which} is not there any more: {_charge(change.ours, currency)}."
    if change.cause is DriftCause.TAX_CODE:
        return f"{which}: {_tax(change.ours, tax_names)} here, {_tax(change.theirs, tax_names)} there."
    return f"{which}: {_charge(change.ours, currency)} here, {_charge(change.theirs, currency)} there."


def _charge(line: LineSeen | None, currency: str) -> str:
    if line is None:
        return "nothing"
    total = amount(line.amount_pence, currency)
    if line.quantity is None or line.unit_price is None:
        return total
    return f"{line.quantity.normalize():f} at {_price(line.unit_price)}, {total}"


def _price(price: Decimal) -> str:
    plain = price.normalize()
    return f"{plain:f}" if decimals(plain) > _PENCE else f"{plain:.2f}"


def _tax(line: LineSeen | None, tax_names: Mapping[str, str]) -> str:
    code = line.tax_code_id if line is not None else ""
    return tax_names.get(code, code) or "no tax code"
