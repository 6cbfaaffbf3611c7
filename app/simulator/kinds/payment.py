"""Payment (§3.11)."""

from dataclasses import replace
from decimal import Decimal

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.columns import Column, ref
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import applying
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
from app.simulator.kinds.kind import DOCUMENT_EVENTS, SYSTEM_ORDER, Draft, Kind

_UNDEPOSITED = "Undeposited Funds"
_LINK = structure(
    "LinkedTxn",
    Field("TxnId", text(20)),
    Field("TxnType", choice("Invoice", "CreditMemo", "JournalEntry", "Expense", "Check", "CreditCardCredit")),
    *read_only("TxnLineId"),
)
_LINE = by_name((Field("Amount", amount), Field("LinkedTxn", many(_LINK)), *read_only("Id", "LineNum", "LineEx")))


def _line(value: object, spot: Spot) -> object:
    """A line needs an amount and exactly one link; the document must be there (2500)."""
    if not isinstance(value, dict):
        raise refusals.unreadable(spot.name)
    line = read_fields(value, _LINE, replace(spot, class_name="Line"))
    absent = [refusals.missing(name) for name in ("Amount", "LinkedTxn") if not line.get(name) and name not in line]
    if absent or not line["LinkedTxn"]:
        raise refusals.Refusal(*(absent or [refusals.missing("LinkedTxn")]))
    for link in line["LinkedTxn"]:
        _refuse_missing(link, spot)
    return line


def _bare_account(value: object, spot: Spot) -> object:
    """An account that answers were recorded to name by its id alone (§3.11)."""
    found = reference("Account")(value, spot)
    return {"value": found["value"]} if isinstance(found, dict) else found


def _refuse_missing(link: Body | None, spot: Spot) -> None:
    kind, record_id = (link or {}).get("TxnType"), (link or {}).get("TxnId")
    if not kind or not record_id:
        raise refusals.Refusal(refusals.missing("TxnId"))
    if spot.books.get(str(kind), str(record_id)) is None:
        raise refusals.invalid_reference("Transactions", str(record_id), "LinkedTxn")


FIELDS = (
    Field("CustomerRef", reference("Customer"), required=True),
    Field("TotalAmt", amount, required=True),
    Field("Line", many(_line)),
    Field("TxnDate", day, keeps=True),
    Field("CurrencyRef", plain_reference, keeps=True),
    Field("ExchangeRate", number),
    Field("PaymentRefNum", text(21)),
    Field("PaymentMethodRef", reference("PaymentMethod")),
    Field("TxnSource", text(50)),
    Field("DepositToAccountRef", _bare_account, keeps=True),
    Field("ARAccountRef", reference("Account"), keeps=True),
    Field("PrivateNote", text(4000)),
    Field("ProcessPayment", flag),
    *read_only("UnappliedAmt", "LinkedTxn", "CreditCardPayment", "TaxExemptionRef"),
)
ORDER = (
    "CustomerRef", "DepositToAccountRef", "PaymentMethodRef", "PaymentRefNum", "TotalAmt", "UnappliedAmt",
    "ProcessPayment", *SYSTEM_ORDER, "TxnDate", "CurrencyRef", "ExchangeRate", "PrivateNote", "LinkedTxn", "Line",
)  # fmt: skip
COLUMNS = (
    ref("CustomerRef", indexed=True),
    Column("TotalAmt", "number"),
    Column("TxnDate", "day"),
    Column("PaymentRefNum", indexed=True),
    Column("UnappliedAmt", "number"),
    ref("PaymentMethodRef"),
)


def _deposit_account(books: Books) -> Body:
    found = books.shelves["Account"].find("Name", _UNDEPOSITED.casefold())
    return {"DepositToAccountRef": {"value": found[0]}} if found else {}


def _may_pay(books: Books, customer_id: str, document: Body) -> bool:
    """Whether a document is this customer's, or of one that stands below it.

    The form on screen lists the open invoices of sub-customers under their parent; that the API takes what the form
    does is inferred.
    """
    whose = str(document.get("CustomerRef", {}).get("value", ""))
    while whose and whose != customer_id:
        whose = str((books.get("Customer", whose) or {}).get("ParentRef", {}).get("value", ""))
    return bool(whose)


def _refuse_too_much(draft: Draft, body: Body) -> None:
    """A line beyond what is open, another customer's document, or more lines than money (§3.11: 6000)."""
    earlier = applying.allocations(draft.old)
    wanted: dict[tuple[str, str], Decimal] = {}
    for one in applying.allocations(body):
        wanted[one.kind, one.id] = wanted.get((one.kind, one.id), Decimal(0)) + one.amount
        if one.amount < 0:
            raise refusals.business("The amount applied must be 0 or greater.")
    for (kind, record_id), asked in wanted.items():
        document = draft.books.get(kind, record_id) or {}
        free = wire.money(document.get("Balance")) + sum(one.amount for one in earlier if one.id == record_id)
        if not _may_pay(draft.books, body["CustomerRef"]["value"], document):
            raise refusals.business("The customer on the linked transaction is not the one on the payment.")
        if asked > free:
            raise refusals.business("You can't apply more to a transaction than its open balance.")


def complete(draft: Draft) -> Body:
    """A payment with what is left unapplied. Lines may not take more than there is."""
    defaults: Body = {
        "ProcessPayment": False, "TxnDate": draft.books.today().isoformat(), "Line": [],
    }  # fmt: skip
    body = defaults | _deposit_account(draft.books) | draft.merged
    customer = draft.books.get("Customer", body["CustomerRef"]["value"]) or {}
    body |= document_currency(draft.saying(body), customer)
    draft.books.refuse_closed([body["TxnDate"], (draft.old or {}).get("TxnDate")])
    if wire.money(body["TotalAmt"]) < 0:
        raise refusals.business("You must set a transaction amount.")
    # A share of nothing ties nothing (inferred: the form on screen keeps no such line either).
    body["Line"] = [_with_extension(draft, line) for line in body["Line"] if line["Amount"]]
    _refuse_too_much(draft, body)
    left = applying.unapplied(body, body["Line"])
    if left < 0:
        raise refusals.business("The amount received is less than the amount applied.")
    return body | {"UnappliedAmt": wire.amount(left)}


def _with_extension(draft: Draft, line: Body) -> Body:
    """The `LineEx` noise every answer carries (§3.11, §10.17); what was open is counted without this payment itself."""
    link = line["LinkedTxn"][0]
    document = draft.books.get(link["TxnType"], link["TxnId"]) or {}
    own = [one.amount for one in applying.allocations(draft.old) if one.id == link["TxnId"]]
    facts = {
        "txnId": link["TxnId"],
        "txnOpenBalance": f"{wire.money(document.get('Balance')) + sum(own):.2f}",
        "txnReferenceNumber": document.get("DocNumber"),
    }
    pairs = [{"Name": name, "Value": value} for name, value in facts.items() if value]
    entries = [_EXTENSION | {"value": pair} | _FLAGS for pair in pairs]
    return {"Amount": line["Amount"], "LinkedTxn": line["LinkedTxn"], "LineEx": {"any": entries}}


_EXTENSION = {
    "name": "{http://schema.intuit.com/finance/v3}NameValue",
    "declaredType": "com.intuit.schema.finance.v3.NameValue",
    "scope": "javax.xml.bind.JAXBElement$GlobalScope",
}
_FLAGS = {"nil": False, "globalScope": True, "typeSubstituted": False}


def voided(body: Body) -> Body:
    """Amounts 0, lines gone, PrivateNote "Voided" (§2.6)."""
    note = "\n".join(part for part in ("Voided", body.get("PrivateNote")) if part)
    return body | {"TotalAmt": 0, "UnappliedAmt": 0, "PrivateNote": note, "Line": []}


PAYMENT = Kind(
    "Payment", FIELDS, COLUMNS, frozenset({"create", "update", "delete", "void", "send", "pdf"}), complete,
    applying.apply, voided=voided, order=ORDER, events=DOCUMENT_EVENTS,
)  # fmt: skip
