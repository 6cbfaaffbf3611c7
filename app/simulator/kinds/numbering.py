"""Document numbers (§10.1): of sales forms, bills and cheques."""

from collections.abc import Iterable

from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.kind import Draft

# By kind: what says that it is a cheque, and what a refusal calls it (the names are inferred).
_CHEQUES = {"Purchase": ("PaymentType", "Check"), "BillPayment": ("PayType", "Bill Payment (Check)")}


def refuse_duplicate(draft: Draft, kind: str, transaction_type: str) -> None:
    """6140 when CustomTxnNumbers is on. Whether kinds share one space is not recorded: here each has its own."""
    number = draft.merged.get("DocNumber")
    allowed = draft.books.switches["duplicate_number"] == "accept" or "allowduplicatedocnum" in draft.include
    if not number or allowed or not draft.books.preference("SalesFormsPrefs", "CustomTxnNumbers"):
        return
    _refuse_holder(draft, kind, transaction_type, draft.books.shelves[kind].find("DocNumber", str(number).casefold()))


def _refuse_holder(draft: Draft, kind: str, told: str, records: Iterable[str]) -> None:
    """6140 when another record than this one is among the holders of its number."""
    own = draft.old["Id"] if draft.old and draft.kind == kind else None
    holder = next((one for one in records if one != own), None)
    if holder:
        raise refusals.duplicate_number(str(draft.merged["DocNumber"]), told, holder)


def _warns(draft: Draft, name: str) -> bool:
    """A warning of OtherPrefs; it is on unless the preference says false."""
    pairs = draft.books.preference("OtherPrefs", "NameValue")
    values = {pair["Name"]: pair["Value"] for pair in pairs} if isinstance(pairs, list) else {}
    return str(values.get(name, "true")).lower() == "true" and "allowduplicatedocnum" not in draft.include


def refuse_duplicate_bill(draft: Draft) -> None:
    """6140 for a bill's number, of the same vendor or of any, as the switch says (§3.12: sources disagree)."""
    number, scope = draft.merged.get("DocNumber"), draft.books.switches["duplicate_bill_number"]
    if not number or scope == "accept" or not _warns(draft, "WarnDuplicateBillNumber"):
        return
    shelf = draft.books.shelves["Bill"]
    found = shelf.find("DocNumber", str(number).casefold())
    vendor = draft.merged["VendorRef"]["value"].casefold()
    same = [one for one in found if scope == "company" or shelf.facts[one]["VendorRef"] == vendor]
    _refuse_holder(draft, "Bill", "Bill", same)


def refuse_duplicate_cheque(draft: Draft) -> None:
    """6140 for a cheque's number, which expenses and bill payments share (§3.13)."""
    number = draft.merged.get("DocNumber")
    if not number or not _warns(draft, "WarnDuplicateCheckNumber"):
        return
    if "Check" not in {draft.merged.get("PaymentType"), draft.merged.get("PayType")}:
        return
    for kind, (word, told) in _CHEQUES.items():
        shelf = draft.books.shelves[kind]
        found = shelf.find("DocNumber", str(number).casefold())
        _refuse_holder(draft, kind, told, [one for one in found if shelf.facts[one][word] == "check"])


def numbered(draft: Draft, body: Body) -> Body:
    """With CustomTxnNumbers off a new document without number gets the last one plus one, kinds together (§3.10).

    A number that a client sent all the same does not move the counter (§10.1).
    """
    custom = draft.books.preference("SalesFormsPrefs", "CustomTxnNumbers")
    if draft.old or custom or body.get("DocNumber"):
        return body
    return body | {"DocNumber": str(draft.books.next_number())}
