"""What a bookkeeper does to a document in QuickBooks, and by which cause a comparison is to tell of it (pure)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from app.sync.comparing.drifts import DriftCause

Record = dict[str, Any]
_PENNY = Decimal("0.01")
_LONGEST_NUMBER = 21


class Edit(NamedTuple):
    """One kind of edit: the act of the control API, what is sent with it, and the cause by which it is told here."""

    act: str
    cause: DriftCause
    change: Callable[[Record], Record]


def possible(entity: str, record: Record) -> list[Edit]:
    """The edits that this document of theirs allows."""
    found = [edit for edit in _EDITS if edit.act != "void" or entity == "Invoice"]
    lines = len(_priced(record))
    needed = {DriftCause.PRICE: 1, DriftCause.QUANTITY: 1, DriftCause.LINE_ADDED: 1, DriftCause.LINE_REMOVED: 2}
    if len(f"{record['DocNumber']}-W") > _LONGEST_NUMBER:
        found = [edit for edit in found if edit.cause is not DriftCause.NUMBER]
    return [edit for edit in found if lines >= needed.get(edit.cause, 0)]


def _sold(record: Record) -> list[Record]:
    """The lines that sell something."""
    return [line for line in record["Line"] if line["DetailType"] == "SalesItemLineDetail"]


def _priced(record: Record) -> list[Record]:
    """Those of them in which an edit is seen in the total."""
    return [line for line in _sold(record) if Decimal(str(line["Amount"])) > 0]


def _price(record: Record) -> Record:
    return _line(record, "UnitPrice", Decimal(1))


def _quantity(record: Record) -> Record:
    return _line(record, "Qty", Decimal(1))


def _line(record: Record, name: str, more: Decimal) -> Record:
    """One line more expensive, by its price or by its quantity."""
    chosen = _priced(record)[0]
    told = {"Qty": 1, "UnitPrice": chosen["Amount"], **chosen["SalesItemLineDetail"]}
    numbers = {one: Decimal(str(told[one])) + (more if one == name else 0) for one in ("Qty", "UnitPrice")}
    detail = {**told, **{one: str(number) for one, number in numbers.items()}}
    edited = {**chosen, "SalesItemLineDetail": detail, "Amount": str(_rounded(numbers["Qty"] * numbers["UnitPrice"]))}
    return {"Line": [edited if line is chosen else line for line in _sold(record)]}


def _rounded(pounds: Decimal) -> Decimal:
    return pounds.quantize(_PENNY, "ROUND_HALF_UP")


def _added(record: Record) -> Record:
    again = {name: value for name, value in _priced(record)[0].items() if name not in {"Id", "LineNum"}}
    return {"Line": [*_sold(record), {**again, "Description": "Added by the bookkeeper"}]}


def _removed(record: Record) -> Record:
    chosen = _priced(record)[-1]
    return {"Line": [line for line in _sold(record) if line is not chosen]}


def _later(name: str, days: int) -> Callable[[Record], Record]:
    def change(record: Record) -> Record:
        day = date.fromisoformat(record.get(name) or record["TxnDate"])
        return {name: (day + timedelta(days=days)).isoformat()}

    return change


def _renumbered(record: Record) -> Record:
    return {"DocNumber": f"{record['DocNumber']}-W"}


def _as_it_is(_record: Record) -> Record:
    return {}


_EDITS = (
    Edit("edit", DriftCause.PRICE, _price),
    Edit("edit", DriftCause.QUANTITY, _quantity),
    Edit("edit", DriftCause.LINE_ADDED, _added),
    Edit("edit", DriftCause.LINE_REMOVED, _removed),
    Edit("edit", DriftCause.NUMBER, _renumbered),
    Edit("edit", DriftCause.DATE, _later("TxnDate", -1)),
    Edit("void", DriftCause.VOIDED_THERE, _as_it_is),
    Edit("delete", DriftCause.REMOVED_THERE, _as_it_is),
)
