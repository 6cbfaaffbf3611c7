"""What Invoice and CreditMemo have in common (§3.9, §3.10): fields, lines, tax, totals."""

from decimal import Decimal

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.columns import Column, ref
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.contact import ADDRESS, EMAIL
from app.simulator.kinds.currencies import home_currency
from app.simulator.kinds.fields import (
    Field,
    choice,
    day,
    flag,
    many,
    number,
    plain_reference,
    read_only,
    reference,
    structure,
    text,
)  # fmt: skip
from app.simulator.kinds.kind import Draft
from app.simulator.kinds.sales_lines import LINES, complete_lines
from app.simulator.kinds.vat import TAX_DETAIL, net_of_gross, tax_detail

_MEMO = structure("MemoRef", Field("value", text(1000)))
_CUSTOM_FIELD = structure(
    "CustomField", Field("DefinitionId", text(30)), Field("Name", text(30)), Field("Type", text(20)),
    Field("StringValue", text(31)),
)  # fmt: skip
_TAX_MODES = ("TaxExcluded", "TaxInclusive", "NotApplicable")

FIELDS = (
    Field("CustomerRef", reference("Customer"), required=True),
    Field("Line", LINES, required=True),
    Field("DocNumber", text(21)),
    Field("TxnDate", day, keeps=True),
    Field("CurrencyRef", plain_reference, keeps=True),
    Field("ExchangeRate", number),
    Field("PrivateNote", text(4000)),
    Field("CustomerMemo", _MEMO),
    Field("BillAddr", ADDRESS),
    Field("ShipAddr", ADDRESS),
    Field("BillEmail", EMAIL),
    Field("SalesTermRef", reference("Term")),
    Field("DepartmentRef", reference("Department")),
    Field("ClassRef", reference("Class")),
    Field("GlobalTaxCalculation", choice(*_TAX_MODES), keeps=True),
    Field("TxnTaxDetail", TAX_DETAIL),
    Field("ApplyTaxAfterDiscount", flag, keeps=True),
    Field("PrintStatus", choice("NotSet", "NeedToPrint", "PrintComplete"), keeps=True),
    Field("EmailStatus", choice("NotSet", "NeedToSend", "EmailSent"), keeps=True),
    Field("CustomField", many(_CUSTOM_FIELD), keeps=True),
    *read_only("TotalAmt", "Balance", "HomeTotalAmt", "HomeBalance", "RecurDataRef", "FreeFormAddress", "LinkedTxn",
               "TaxExemptionRef", "DeliveryInfo", "TxnSource"),
)  # fmt: skip
COLUMNS = (
    ref("CustomerRef", indexed=True),
    Column("DocNumber", indexed=True),
    Column("TxnDate", "day"),
    ref("SalesTermRef"),
    Column("Balance", "number"),
    Column("TotalAmt", "number"),
)
_TAX_SOURCES = ("Line", "TxnTaxDetail", "GlobalTaxCalculation")


def _lines(draft: Draft) -> list[Body]:
    old = (draft.old or {}).get("Line", [])
    if not draft.changes("Line"):
        return list(old)
    lines = complete_lines(draft.books, draft.merged.get("Line") or [], old)
    split = draft.books.switches["tax_inclusive_amounts"] == "split_out"
    if split and draft.merged.get("GlobalTaxCalculation") == "TaxInclusive":
        lines = [net_of_gross(draft.books)(line) for line in lines]
    return lines


def _tax(draft: Draft, lines: list[Body]) -> Body:
    """Recomputed when lines or tax were sent, else as it stands (§4.1)."""
    if not draft.changes(*_TAX_SOURCES):
        return dict((draft.old or {}).get("TxnTaxDetail", {"TotalTax": 0}))
    untaxed = draft.merged.get("GlobalTaxCalculation") == "NotApplicable"
    if untaxed or not draft.books.preference("TaxPrefs", "UsingSalesTax"):
        return {"TotalTax": 0}
    return tax_detail(draft.books, lines, draft.sent.get("TxnTaxDetail") or {})


def _net(lines: list[Body]) -> Decimal:
    signs = {"SubTotalLineDetail": 1, "DiscountLineDetail": -1}
    return sum(
        (
            wire.money(line["Amount"]) * signs[line["DetailType"]]
            for line in lines
            if line["DetailType"] in signs and "Amount" in line
        ),
        Decimal(0),
    )


def _customer_defaults(draft: Draft) -> Body:
    """Addresses, e-mail and terms come from the customer when a new form leaves them out (§3.9)."""
    customer = draft.books.get("Customer", draft.merged["CustomerRef"]["value"]) or {}
    taken = {
        "BillAddr": "BillAddr",
        "ShipAddr": "ShipAddr",
        "BillEmail": "PrimaryEmailAddr",
        "SalesTermRef": "SalesTermRef",
    }
    return {name: customer[source] for name, source in taken.items() if draft.old is None and source in customer}


def complete_sales_form(draft: Draft) -> Body:
    """The form with lines, tax and total; refuses what the books refuse. Balance is the kind's own affair."""
    if draft.merged.get("EmailStatus") == "NeedToSend" and not draft.merged.get("BillEmail"):
        raise refusals.Refusal(refusals.missing("BillEmail"))
    defaults: Body = {
        "CustomField": [], "TxnDate": draft.books.today().isoformat(), "CurrencyRef": home_currency(draft.books),
        "LinkedTxn": [], "GlobalTaxCalculation": "TaxExcluded", "ApplyTaxAfterDiscount": False,
        "PrintStatus": "NeedToPrint", "EmailStatus": "NotSet",
    }  # fmt: skip
    body = defaults | _customer_defaults(draft) | draft.merged
    _refuse_foreign(draft, body)
    draft.books.refuse_closed([body["TxnDate"], (draft.old or {}).get("TxnDate")])
    lines = _lines(draft)
    tax = _tax(draft, lines)
    total = _net(lines) + wire.money(tax["TotalTax"])
    if total < 0:
        raise refusals.business("Transaction amount must be 0 or greater.")
    return body | {"Line": lines, "TxnTaxDetail": tax, "TotalAmt": wire.amount(total)}


def _refuse_foreign(draft: Draft, body: Body) -> None:
    """A currency other than the customer's (§10.3)."""
    customer = draft.books.get("Customer", body["CustomerRef"]["value"]) or {}
    own = customer.get("CurrencyRef", {}).get("value")
    if body["CurrencyRef"]["value"] != own:
        raise refusals.business("You can only use one foreign currency per transaction.")
    body["CurrencyRef"] = customer["CurrencyRef"]
