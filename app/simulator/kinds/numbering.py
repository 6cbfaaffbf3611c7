"""Document numbers of sales forms (§10.1)."""

from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.kind import Draft

_SALES = ("Invoice", "CreditMemo")


def refuse_duplicate(draft: Draft, kind: str, transaction_type: str) -> None:
    """6140 when CustomTxnNumbers is on. Whether kinds share one space is not recorded: here each has its own."""
    number = draft.merged.get("DocNumber")
    allowed = draft.books.switches["duplicate_number"] == "accept" or "allowduplicatedocnum" in draft.include
    if not number or allowed or not draft.books.preference("SalesFormsPrefs", "CustomTxnNumbers"):
        return
    own = draft.old["Id"] if draft.old else None
    holders = [one for one in draft.books.shelves[kind].find("DocNumber", str(number).casefold()) if one != own]
    if holders:
        raise refusals.duplicate_number(str(number), transaction_type, holders[0])


def numbered(draft: Draft, body: Body) -> Body:
    """With CustomTxnNumbers off a new document without number gets the last one plus one, kinds together (§3.10)."""
    custom = draft.books.preference("SalesFormsPrefs", "CustomTxnNumbers")
    if draft.old or custom or body.get("DocNumber"):
        return body
    used = (str(number) for kind in _SALES for number in draft.books.shelves[kind].indexes["DocNumber"])
    highest = max((int(number) for number in used if number.isdigit()), default=1000)
    return body | {"DocNumber": str(highest + 1)}
