"""Bill and VendorCredit (§3.12, §3.14): what is owed to a vendor, and what a vendor owes back."""

from datetime import date

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.columns import Column, ref
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import purchase_forms, settling
from app.simulator.kinds.currencies import in_home
from app.simulator.kinds.fields import Field, day, read_only, reference
from app.simulator.kinds.kind import Draft, Kind
from app.simulator.kinds.numbering import refuse_duplicate_bill
from app.simulator.kinds.term import due_date

_SHARED = (purchase_forms.VENDOR_FIELD, *purchase_forms.FIELDS, Field("APAccountRef", reference("Account")))
_COLUMNS = (*purchase_forms.COLUMNS, purchase_forms.VENDOR_COLUMN, Column("Balance", "number"), ref("APAccountRef"))
_OPERATIONS = frozenset({"create", "update", "delete"})
_EVENTS = frozenset({"Create", "Update", "Delete"})


def _payable(books: Books, vendor: Body) -> Body:
    """The company's first account of type Accounts Payable in the vendor's currency (§10.3), else its first."""
    accounts = books.shelves["Account"]
    ids = [one for one, facts in accounts.facts.items() if facts["AccountType"] == "accounts payable"]
    found = [account for account in map(accounts.get, ids) if account]
    own = [account for account in found if account.get("CurrencyRef") == vendor.get("CurrencyRef")]
    account = next(iter(own or found), None)
    return {"APAccountRef": {"value": account["Id"], "name": account["FullyQualifiedName"]}} if account else {}


def _owed(draft: Draft, kind: str) -> Body:
    """The form with what is still open of it."""
    vendor = draft.books.get("Vendor", draft.merged["VendorRef"]["value"]) or {}
    body = _payable(draft.books, vendor) | purchase_forms.complete_purchase(draft, vendor)
    left = wire.money(body["TotalAmt"]) - settling.settled(draft.books, kind, draft.old)
    if left < 0:
        raise refusals.business("The amount of this transaction is less than what is already applied to it.")
    body = {"LinkedTxn": []} | body | {"Balance": wire.amount(left)}
    return body | in_home(draft.books, body, "Balance")


def _complete_bill(draft: Draft) -> Body:
    """A bill: due on its date without terms, its number never made up (§3.12)."""
    refuse_duplicate_bill(draft)
    body = _owed(draft, "Bill")
    if "DueDate" not in body:
        term = draft.books.get("Term", str(body.get("SalesTermRef", {}).get("value", "")))
        sold = date.fromisoformat(body["TxnDate"])
        body["DueDate"] = (due_date(sold, term) if term else sold).isoformat()
    return body


def _guard(books: Books, body: Body, operation: str) -> None:
    """Deleting what payments are applied to is refused, unless the switch says otherwise (§2.6)."""
    if body.get("LinkedTxn") and books.switches["delete_with_payment"] == "fault":
        raise refusals.business(f"You can't {operation} this transaction because payments are applied to it.")


BILL = Kind(
    "Bill",
    (*_SHARED, Field("DueDate", day), Field("SalesTermRef", reference("Term")), *read_only("Balance")),
    (*_COLUMNS, Column("DueDate", "day"), ref("SalesTermRef")),
    _OPERATIONS, _complete_bill, settling.release("Bill"), _guard, total_count=True, events=_EVENTS,
    order=purchase_forms.ORDER, always=("VendorRef",),
)  # fmt: skip
VENDOR_CREDIT = Kind(
    "VendorCredit",
    (*_SHARED, *read_only("Balance")), _COLUMNS,
    _OPERATIONS, lambda draft: _owed(draft, "VendorCredit"), settling.release("VendorCredit"), _guard, events=_EVENTS,
    order=purchase_forms.ORDER,
)  # fmt: skip
