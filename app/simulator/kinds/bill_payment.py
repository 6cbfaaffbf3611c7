"""BillPayment (§3.15): what was paid on bills, by cheque or by card."""

from dataclasses import replace
from decimal import Decimal

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.columns import Column
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import applying, purchase_forms, settling
from app.simulator.kinds.currencies import document_currency
from app.simulator.kinds.fields import (
    Field,
    Spot,
    amount,
    by_name,
    choice,
    day,
    flag,
    many,
    number,
    plain_reference,
    read_fields,
    read_only,
    reference,
    structure,
    text,
)  # fmt: skip
from app.simulator.kinds.kind import SYSTEM_ORDER, Draft, Kind
from app.simulator.kinds.numbering import refuse_duplicate_cheque

# Purchase is taken and dropped with 200 (§3.15, seen live); the others may stand.
_LINKED = ("Bill", "VendorCredit", "JournalEntry", "Deposit", "Purchase")
_LINK = structure("LinkedTxn", Field("TxnId", text(20)), Field("TxnType", choice(*_LINKED)), *read_only("TxnLineId"))
_LINE = by_name((Field("Amount", amount), Field("LinkedTxn", many(_LINK)), *read_only("Id", "LineNum", "LineEx")))


def _line(value: object, spot: Spot) -> object:
    if not isinstance(value, dict):
        raise refusals.unreadable(spot.name)
    line = read_fields(value, _LINE, replace(spot, class_name="Line"))
    absent = [refusals.missing(name) for name in ("Amount", "LinkedTxn") if line.get(name) in (None, [])]
    if absent:
        raise refusals.Refusal(*absent)
    for link in line["LinkedTxn"]:
        if link["TxnType"] != "Purchase" and spot.books.get(link["TxnType"], link.get("TxnId", "")) is None:
            raise refusals.invalid_reference("Transactions", link.get("TxnId", ""), "LinkedTxn")
    return line


FIELDS = (
    purchase_forms.VENDOR_FIELD,
    Field("PayType", choice("Check", "CreditCard"), required=True, keeps=True),
    Field("TotalAmt", amount, required=True),
    Field("Line", many(_line), required=True),
    Field("CheckPayment", structure(
        "BillPaymentCheck", Field("BankAccountRef", reference("Account")),
        Field("PrintStatus", choice("NotSet", "NeedToPrint", "PrintComplete")),
    ), keeps=True),
    Field("CreditCardPayment", structure(
        "BillPaymentCreditCard", Field("CCAccountRef", reference("Account"))
    ), keeps=True),
    Field("DocNumber", text(21)),
    Field("TxnDate", day, keeps=True),
    Field("CurrencyRef", plain_reference),
    Field("ExchangeRate", number),
    Field("PrivateNote", text(4000)),
    Field("DepartmentRef", reference("Department")),
    Field("ProcessBillPayment", flag),
    Field("APAccountRef", reference("Account")),
    *read_only("HomeTotalAmt", "LinkedTxn"),
)  # fmt: skip
ORDER = (
    "VendorRef", "PayType", "CheckPayment", "CreditCardPayment", "TotalAmt", *SYSTEM_ORDER, "DocNumber", "TxnDate",
    "DepartmentRef", "CurrencyRef", "ExchangeRate", "PrivateNote", "Line",
)  # fmt: skip
_ACCOUNTS = {"Check": ("CheckPayment", "BankAccountRef"), "CreditCard": ("CreditCardPayment", "CCAccountRef")}


def _refuse_means(body: Body) -> None:
    """The account the money leaves (2020); a payment of nothing does without (§3.15)."""
    section, account = _ACCOUNTS[body["PayType"]]
    if section not in body:
        raise refusals.Refusal(refusals.missing(section))
    if account not in body[section] and wire.money(body["TotalAmt"]):
        raise refusals.Refusal(refusals.missing(account))


def _wanted(body: Body) -> dict[tuple[str, str], Decimal]:
    """What is asked of each document; lines are positive (§3.15)."""
    wanted: dict[tuple[str, str], Decimal] = {}
    for one in applying.allocations(body):
        wanted[one.kind, one.id] = wanted.get((one.kind, one.id), Decimal(0)) + one.amount
        if one.amount < 0:
            raise refusals.business("The amount applied must be 0 or greater.")
    return wanted


def _refuse_shares(draft: Draft, body: Body) -> None:
    """Another vendor's document, or more than it has open (6000; the texts are not recorded)."""
    before = applying.allocations(draft.old)
    for (kind, record_id), asked in _wanted(body).items():
        document = draft.books.get(kind, record_id) or {}
        own = sum(one.amount for one in before if (one.kind, one.id) == (kind, record_id))
        if document.get("VendorRef", {}).get("value") != body["VendorRef"]["value"]:
            raise refusals.business("The vendor on the linked transaction is not the one on the payment.")
        if asked > wire.money(document.get("Balance")) + own:
            raise refusals.business("You can't apply more to a transaction than its open balance.")


def _refuse_total(body: Body) -> None:
    """The header is bills less credits, or more; never less, never below nothing (§3.15)."""
    total = wire.money(body["TotalAmt"])
    if total < 0:
        raise refusals.business("You must set a transaction amount.")
    owed = sum((one.amount if one.kind == "Bill" else -one.amount for one in applying.allocations(body)), Decimal(0))
    if total < owed:
        raise refusals.business("The payment total is less than the amount applied.")


def _ties(line: Body) -> bool:
    """A link to a Purchase is dropped (§3.15); so is a share of nothing (inferred)."""
    return bool(line["Amount"]) and all(link["TxnType"] != "Purchase" for link in line["LinkedTxn"])


def complete(draft: Draft) -> Body:
    """A payment. What exceeds its lines stays with the vendor as a credit (§3.15); APAccountRef is not echoed."""
    refuse_duplicate_cheque(draft)
    body: Body = {"TxnDate": draft.books.today().isoformat()} | draft.merged
    vendor = draft.books.get("Vendor", body["VendorRef"]["value"]) or {}
    body |= document_currency(draft.saying(body), vendor)
    draft.books.refuse_closed([body["TxnDate"], (draft.old or {}).get("TxnDate")])
    _refuse_means(body)
    body["Line"] = [line for line in body["Line"] if _ties(line)]
    _refuse_shares(draft, body)
    _refuse_total(body)
    return {name: value for name, value in body.items() if name != "APAccountRef"}


def voided(body: Body) -> Body:
    """Total 0, lines gone, PrivateNote "Voided" (§2.6)."""
    note = "\n".join(part for part in ("Voided", body.get("PrivateNote")) if part)
    return body | {"TotalAmt": 0, "PrivateNote": note, "Line": []}


BILL_PAYMENT = Kind(
    "BillPayment", FIELDS,
    (*purchase_forms.COLUMNS, purchase_forms.VENDOR_COLUMN, Column("PayType")),
    frozenset({"create", "update", "delete", "void"}), complete, settling.settle, voided=voided, total_count=True,
    order=ORDER,
)  # fmt: skip
