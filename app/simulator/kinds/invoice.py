"""Invoice (§3.9)."""

from datetime import date

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.columns import Column
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import applying, auto_apply, sales_forms
from app.simulator.kinds.currencies import in_home
from app.simulator.kinds.fields import Field, amount, day, flag, read_only, reference, text
from app.simulator.kinds.kind import DOCUMENT_EVENTS, Draft, Kind
from app.simulator.kinds.numbering import numbered, refuse_duplicate
from app.simulator.kinds.sales_lines import voided_lines
from app.simulator.kinds.term import due_date

FIELDS = (
    *sales_forms.FIELDS,
    Field("DueDate", day),
    Field("ShipDate", day),
    Field("TrackingNum", text(31)),
    Field("Deposit", amount),
    Field("DepositToAccountRef", reference("Account")),
    *(Field(name, flag, keeps=True) for name in (
        "AllowIPNPayment", "AllowOnlinePayment", "AllowOnlineCreditCardPayment", "AllowOnlineACHPayment")),
    *read_only("InvoiceLink", "EInvoiceStatus", "ShipFromAddr", "invoiceStatusLog", "LessCIS", "AutoDocNumber",
               "ConvenienceFeeDetail", "TxnApprovalInfo", "PaymentDetailsMessage"),
)  # fmt: skip
COLUMNS = (*sales_forms.COLUMNS, Column("DueDate", "day"))
_OPERATIONS = frozenset({"create", "update", "delete", "void", "send", "pdf"})


def _due(draft: Draft, body: Body) -> str:
    if body.get("DueDate"):
        return str(body["DueDate"])
    term = draft.books.get("Term", str(body.get("SalesTermRef", {}).get("value", "")))
    return due_date(date.fromisoformat(body["TxnDate"]), term).isoformat()


def complete(draft: Draft) -> Body:
    """An invoice with due date, number and balance; what was already applied stays applied as far as it fits."""
    body = _online(draft) | sales_forms.complete_sales_form(draft)
    if body.get("Deposit") and not draft.books.preference("SalesFormsPrefs", "AllowDeposit"):
        raise refusals.business("Deposits are turned off in this company's preferences.")
    if body.get("Deposit") and "DepositToAccountRef" not in body:
        raise refusals.Refusal(refusals.missing("DepositToAccountRef"))
    refuse_duplicate(draft, "Invoice", "Invoice")
    body = numbered(draft, body | {"DueDate": _due(draft, body)})
    open_amount = wire.money(body["TotalAmt"]) - wire.money(body.get("Deposit"))
    applied = applying.applied_to(draft.books, draft.old)
    body |= {"Balance": wire.amount(max(open_amount - applied, open_amount * 0))}
    return body | in_home(draft.books, body, "Balance")


def _online(draft: Draft) -> Body:
    """Flags of QuickBooks Payments as a 2026 recording from the United States has them (§3.9); off elsewhere."""
    here = draft.books.country == "US"
    return {
        "AllowIPNPayment": False, "AllowOnlinePayment": False, "AllowOnlineCreditCardPayment": here,
        "AllowOnlineACHPayment": here,
    }  # fmt: skip


def settle(books: Books, old: Body | None, new: Body) -> None:
    """A total below what was applied, or a deletion, frees the rest in its payments."""
    if old:
        applying.free_excess(books, "Invoice", new)
    else:
        auto_apply.use_what_is_open(books, new)


def guard(books: Books, body: Body, operation: str) -> None:
    """Deleting or voiding with payments applied is refused (§2.6) unless the switch says otherwise."""
    if body.get("LinkedTxn") and books.switches[f"{operation}_with_payment"] == "fault":
        raise refusals.business(f"You can't {operation} this transaction because payments are applied to it.")


def voided(body: Body) -> Body:
    """Recognised by TotalAmt 0 and a PrivateNote that begins with "Voided"; the number is kept (§2.6)."""
    note = "\n".join(part for part in ("Voided", body.get("PrivateNote")) if part)
    return body | {
        "PrivateNote": note, "Line": voided_lines(body["Line"]), "TxnTaxDetail": {"TotalTax": 0},
        "TotalAmt": 0, "Balance": 0,
    }  # fmt: skip


INVOICE = Kind(
    "Invoice", FIELDS, COLUMNS, _OPERATIONS, complete, settle, guard, voided, total_count=True,
    order=sales_forms.ORDER, signed=True, events=DOCUMENT_EVENTS,
)  # fmt: skip
