"""Term: payment terms, and the due date that follows from them (§3.8, §3.9)."""

import calendar
from datetime import date, timedelta
from decimal import Decimal

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.columns import Column
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import names
from app.simulator.kinds.fields import Field, Reader, Spot, flag, number, read_only, text
from app.simulator.kinds.kind import LIST_OPERATIONS, SYSTEM_ORDER, Draft, Kind

_DAYS_WITHOUT_TERM = 30


def whole(most: int) -> Reader:
    """A number from 0 to `most`. The upper ends of days are the schema's; a percentage ends at 100 (§3.8)."""

    def read(value: object, spot: Spot) -> object:
        shown = number(value, spot)
        if not isinstance(shown, int | Decimal) or not 0 <= shown <= most:
            raise refusals.invalid_number(value, spot.name)
        return shown

    return read


FIELDS = (
    Field("Name", text(31), required=True),
    Field("Active", flag, keeps=True),
    Field("DueDays", whole(999)),
    Field("DayOfMonthDue", whole(31)),
    Field("DueNextMonthDays", whole(999)),
    Field("DiscountPercent", whole(100)),
    Field("DiscountDays", whole(999)),
    Field("DiscountDayOfMonth", whole(31)),
    *read_only("Type"),
)
COLUMNS = (Column("Name", indexed=True), Column("Active", "flag"), Column("Type"))


def complete(draft: Draft) -> Body:
    """A term is STANDARD with DueDays or DATE_DRIVEN with DayOfMonthDue; one of the two is required (§3.8)."""
    names.refuse_deleted(draft)
    body: Body = {"Active": True} | draft.merged
    if "DueDays" not in body and "DayOfMonthDue" not in body:
        raise refusals.Refusal(refusals.missing("DueDays"))
    standard = "DueDays" in body
    body["Type"] = "STANDARD" if standard else "DATE_DRIVEN"
    body = ({"DiscountDays": 0} if standard else {}) | body
    names.refuse_taken(draft.saying(body), "Term", "Name", names.LIST_TAKEN)
    return body


def due_date(sold: date, term: Body | None) -> date:
    """The due date of a document dated `sold`; without a term 30 days later (§3.9)."""
    if term is None:
        return sold + timedelta(days=_DAYS_WITHOUT_TERM)
    if "DueDays" in term:
        return sold + timedelta(days=min(int(term["DueDays"]), 36_500))
    return _day_of_month(sold, term)


def _day_of_month(sold: date, term: Body) -> date:
    wanted = max(1, int(term["DayOfMonthDue"]))
    due = _in_month(sold.year, sold.month, wanted)
    grace = timedelta(days=int(wire.money(term.get("DueNextMonthDays"))))
    if due - grace < sold or due < sold:
        following = sold.replace(day=1) + timedelta(days=31)
        return _in_month(following.year, following.month, wanted)
    return due


def _in_month(year: int, month: int, wanted: int) -> date:
    return date(year, month, min(wanted, calendar.monthrange(year, month)[1]))


TERM = Kind(
    "Term", FIELDS, COLUMNS, LIST_OPERATIONS, complete, is_list=True, events=frozenset({"Create", "Update"}),
    order=("Name", "Active", "Type", "DiscountPercent", "DueDays", "DiscountDays", *SYSTEM_ORDER),
)  # fmt: skip
