"""What Invoice and CreditMemo have in common (§3.9, §3.10): fields, lines, tax, totals."""

from decimal import Decimal

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.columns import Column, ref
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import us_sales_tax
from app.simulator.kinds.contact import ADDRESS, EMAIL, with_address_id
from app.simulator.kinds.currencies import document_currency, in_home
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
from app.simulator.kinds.kind import SYSTEM_ORDER, Draft
from app.simulator.kinds.sales_lines import LINES, as_it_is, complete_lines, sold_lines
from app.simulator.kinds.tax_detail import TAX_DETAIL
from app.simulator.kinds.vat import SALES, code_of, less_discount, net_of_gross, tax_detail

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
    Field("ApplyTaxAfterDiscount", flag),
    Field("PrintStatus", choice("NotSet", "NeedToPrint", "PrintComplete")),
    Field("EmailStatus", choice("NotSet", "NeedToSend", "EmailSent")),
    Field("CustomField", many(_CUSTOM_FIELD)),
    Field("BillEmailCc", EMAIL),
    Field("BillEmailBcc", EMAIL),
    Field("ShipMethodRef", plain_reference),
    *read_only("TotalAmt", "Balance", "HomeTotalAmt", "HomeBalance", "RecurDataRef", "FreeFormAddress", "LinkedTxn",
               "TaxExemptionRef", "DeliveryInfo", "TxnSource"),
)  # fmt: skip
ORDER = (
    "AllowIPNPayment", "AllowOnlinePayment", "AllowOnlineCreditCardPayment", "AllowOnlineACHPayment",
    "RemainingCredit", *SYSTEM_ORDER, "CustomField", "DocNumber", "TxnDate", "DepartmentRef", "CurrencyRef",
    "ExchangeRate", "PrivateNote", "LinkedTxn", "Line", "TxnTaxDetail", "CustomerRef", "CustomerMemo", "BillAddr",
    "ShipAddr", "FreeFormAddress", "ShipFromAddr", "ClassRef", "SalesTermRef", "DueDate", "GlobalTaxCalculation",
    "TotalAmt", "HomeTotalAmt", "ApplyTaxAfterDiscount", "PrintStatus", "EmailStatus", "BillEmail", "BillEmailCc",
    "BillEmailBcc", "Balance", "HomeBalance", "DeliveryInfo", "Deposit", "DepositToAccountRef",
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
    split = draft.books.switches["tax_inclusive_amounts"] == "split_out"
    is_gross = split and draft.merged.get("GlobalTaxCalculation") == "TaxInclusive"
    net = net_of_gross(draft.books, SALES) if is_gross else as_it_is
    return complete_lines(draft.books, draft.merged.get("Line") or [], old, net=net)


def _tax(draft: Draft, body: Body) -> Body:
    """Recomputed when lines or tax were sent, else as it stands (§4.1)."""
    if not draft.changes(*_TAX_SOURCES):
        return dict((draft.old or {}).get("TxnTaxDetail", {"TotalTax": 0}))
    books, sent, lines = draft.books, draft.sent.get("TxnTaxDetail") or {}, sold_lines(body["Line"])
    if books.country == "US":
        return us_sales_tax.tax_detail(books, body, lines, sent)
    if body.get("GlobalTaxCalculation") == "NotApplicable":
        return {"TotalTax": 0}
    nets = [(code_of(line, SALES), wire.money(line["Amount"])) for line in lines]
    return tax_detail(books, less_discount(nets, body["Line"]), sent, SALES)


def _net(lines: list[Body]) -> Decimal:
    signs = {"SubTotalLineDetail": 1, "DiscountLineDetail": -1}
    counted = (line for line in lines if line["DetailType"] in signs and "Amount" in line)
    return sum((wire.money(line["Amount"]) * signs[line["DetailType"]] for line in counted), Decimal(0))


def _customer_defaults(draft: Draft, customer: Body) -> Body:
    """Addresses, e-mail and terms come from the customer when a new form leaves them out (§3.9)."""
    taken = {
        "BillAddr": "BillAddr",
        "ShipAddr": "ShipAddr",
        "BillEmail": "PrimaryEmailAddr",
        "SalesTermRef": "SalesTermRef",
    }
    return {name: customer[source] for name, source in taken.items() if draft.old is None and source in customer}


def _regional(draft: Draft, body: Body) -> Body:
    """GlobalTaxCalculation belongs to companies outside the United States (§4.1).

    Sent to one inside it is ignored or refused, as the switch says (§11); the fault's text is not recorded.
    """
    if draft.books.country != "US":
        return {"GlobalTaxCalculation": "TaxExcluded"} | body
    if "GlobalTaxCalculation" in draft.sent and draft.books.switches["us_tax_calculation"] == "fault":
        raise refusals.business("GlobalTaxCalculation is not supported for companies in the United States.")
    company = draft.books.get("CompanyInfo", "1") or {}
    kept = {name: value for name, value in body.items() if name != "GlobalTaxCalculation"}
    return {"ShipFromAddr": company.get("CompanyAddr")} | kept


def complete_sales_form(draft: Draft) -> Body:
    """The form with lines, tax and total; refuses what the books refuse. Balance is the kind's own affair."""
    if draft.merged.get("EmailStatus") == "NeedToSend" and not draft.merged.get("BillEmail"):
        raise refusals.Refusal(refusals.missing("BillEmail"))
    customer = draft.books.get("Customer", draft.merged["CustomerRef"]["value"]) or {}
    defaults: Body = {
        "CustomField": [], "TxnDate": draft.books.today().isoformat(), "LinkedTxn": [], "FreeFormAddress": True,
        "ApplyTaxAfterDiscount": False, "PrintStatus": "NeedToPrint", "EmailStatus": "NotSet",
    }  # fmt: skip
    body = _regional(draft, defaults | _customer_defaults(draft, customer) | draft.merged)
    for address in ("BillAddr", "ShipAddr"):
        body = with_address_id(draft, body, address)
    body |= document_currency(draft.saying(body), customer)
    draft.books.refuse_closed([body["TxnDate"], (draft.old or {}).get("TxnDate")])
    body["Line"] = _lines(draft)
    body["TxnTaxDetail"] = _tax(draft, body)
    total = _net(body["Line"]) + wire.money(body["TxnTaxDetail"]["TotalTax"])
    if total < 0:
        raise refusals.business("Transaction amount must be 0 or greater.")
    body["TotalAmt"] = wire.amount(total)
    return body | in_home(draft.books, body, "TotalAmt")
