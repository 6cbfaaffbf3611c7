"""CreditMemo (§3.10)."""

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import applying, sales_forms
from app.simulator.kinds.currencies import in_home
from app.simulator.kinds.fields import Field, plain_reference, read_only, reference
from app.simulator.kinds.kind import DOCUMENT_EVENTS, Draft, Kind
from app.simulator.kinds.numbering import numbered, refuse_duplicate

FIELDS = (
    *sales_forms.FIELDS,
    Field("InvoiceRef", plain_reference),
    Field("PaymentMethodRef", reference("PaymentMethod")),
    *read_only("RemainingCredit", "ShipFromAddr"),
)


def complete(draft: Draft) -> Body:
    """A credit memo with number and remaining credit (= total at creation)."""
    body = sales_forms.complete_sales_form(draft)
    refuse_duplicate(draft, "CreditMemo", "Credit Memo")
    left = wire.money(body["TotalAmt"]) - applying.applied_to(draft.books, draft.old)
    remaining = wire.amount(max(left, left * 0))
    body = numbered(draft, body) | {"RemainingCredit": remaining, "Balance": remaining}
    return body | in_home(draft.books, body, "Balance")


def settle(books: Books, old: Body | None, new: Body) -> None:
    """A smaller total, or a deletion, frees what was applied beyond it."""
    if old:
        applying.free_excess(books, "CreditMemo", new)


def guard(books: Books, body: Body, operation: str) -> None:
    """Deleting while applied is refused unless the switch says otherwise (§2.6)."""
    if body.get("LinkedTxn") and books.switches["delete_with_payment"] == "fault":
        raise refusals.business(f"You can't {operation} this transaction because it is applied to another one.")


CREDIT_MEMO = Kind(
    "CreditMemo", FIELDS, sales_forms.COLUMNS, frozenset({"create", "update", "delete", "send", "pdf"}), complete,
    settle, guard, order=sales_forms.ORDER, events=DOCUMENT_EVENTS,
)  # fmt: skip
