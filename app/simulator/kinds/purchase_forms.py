"""What Bill, VendorCredit and Purchase have in common (§3.12 to §3.14): fields, lines, tax, totals."""

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.columns import Column, ref
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.currencies import document_currency, in_home, is_multi_currency
from app.simulator.kinds.fields import Field, choice, day, number, plain_reference, read_only, reference, text
from app.simulator.kinds.kind import SYSTEM_ORDER, Draft
from app.simulator.kinds.purchase_lines import LINES, complete_lines, net_of
from app.simulator.kinds.tax_detail import TAX_DETAIL
from app.simulator.kinds.vat import PURCHASES, code_of, net_of_gross, tax_detail

FIELDS = (
    Field("Line", LINES, required=True),
    Field("DocNumber", text(21)),
    Field("TxnDate", day, keeps=True),
    Field("CurrencyRef", plain_reference),
    Field("ExchangeRate", number),
    Field("PrivateNote", text(4000)),
    Field("DepartmentRef", reference("Department")),
    Field("GlobalTaxCalculation", choice("TaxExcluded", "TaxInclusive", "NotApplicable"), keeps=True),
    Field("TxnTaxDetail", TAX_DETAIL),
    *read_only("TotalAmt", "HomeBalance", "HomeTotalAmt", "LinkedTxn", "RecurDataRef", "TxnSource"),
)
ORDER = (
    "AccountRef", "PaymentMethodRef", "PaymentType", "EntityRef", "Credit", "DueDate", "Balance", "HomeBalance",
    "TotalAmt", "PrintStatus", *SYSTEM_ORDER, "DocNumber", "TxnDate", "DepartmentRef", "CurrencyRef", "ExchangeRate",
    "PrivateNote", "LinkedTxn", "Line", "TxnTaxDetail", "GlobalTaxCalculation", "VendorRef", "APAccountRef",
    "SalesTermRef",
)  # fmt: skip
COLUMNS = (
    Column("DocNumber", indexed=True),
    Column("TxnDate", "day"),
    Column("TotalAmt", "number"),
)
VENDOR_FIELD = Field("VendorRef", reference("Vendor"), required=True)
VENDOR_COLUMN = ref("VendorRef", indexed=True)
_SOURCES = ("Line", "TxnTaxDetail", "GlobalTaxCalculation")


def _lines(draft: Draft) -> list[Body]:
    old = (draft.old or {}).get("Line", [])
    if not draft.changes("Line"):
        return list(old)
    lines = complete_lines(draft.books, draft.merged.get("Line") or [], old)
    inclusive = draft.merged.get("GlobalTaxCalculation") == "TaxInclusive"
    split = inclusive and draft.books.switches["tax_inclusive_amounts"] == "split_out"
    return [net_of_gross(draft.books, PURCHASES)(line) for line in lines] if split else lines


def without_numbers(body: Body) -> Body:
    """The form with lines that have no LineNum, as purchases were recorded (§3.13)."""
    return body | {"Line": [{name: one for name, one in line.items() if name != "LineNum"} for line in body["Line"]]}


def _tax(draft: Draft, body: Body) -> Body:
    """Non-US only (§4.1): recomputed when lines or tax were sent, else as it stands."""
    if not draft.changes(*_SOURCES):
        return dict((draft.old or {}).get("TxnTaxDetail", {"TotalTax": 0}))
    if body.get("GlobalTaxCalculation") == "NotApplicable":
        return {"TotalTax": 0}
    bought = [line for line in body["Line"] if line["DetailType"] in PURCHASES.details]
    nets = [(code_of(line, PURCHASES), wire.money(line["Amount"])) for line in bought]
    return tax_detail(draft.books, nets, draft.sent.get("TxnTaxDetail") or {}, PURCHASES)


def _refuse_missing_rate(draft: Draft, party: Body) -> None:
    """A document in foreign currency needs its ExchangeRate (§10.3: 2410, recorded on bills)."""
    home = draft.books.preference("CurrencyPrefs", "HomeCurrency")
    foreign = isinstance(home, dict) and party.get("CurrencyRef", {}).get("value", home["value"]) != home["value"]
    if is_multi_currency(draft.books) and foreign and "ExchangeRate" not in draft.merged:
        raise refusals.rate_missing()


def complete_purchase(draft: Draft, party: Body) -> Body:
    """The form with lines, tax and total. `party` gives the currency."""
    body: Body = {"TxnDate": draft.books.today().isoformat()} | draft.merged
    _refuse_missing_rate(draft, party)
    body |= document_currency(draft.saying(body), party)
    draft.books.refuse_closed([body["TxnDate"], (draft.old or {}).get("TxnDate")])
    body["Line"] = _lines(draft)
    tax: Body = {"TotalTax": 0}
    if draft.books.country == "US":
        body.pop("GlobalTaxCalculation", None)
    else:
        body.setdefault("GlobalTaxCalculation", "TaxExcluded")
        tax = _tax(draft, body)
        body["TxnTaxDetail"] = tax
    total = net_of(body["Line"]) + wire.money(tax["TotalTax"])
    if total < 0:
        raise refusals.business("Transaction amount must be 0 or greater.")
    body["TotalAmt"] = wire.amount(total)
    return body | in_home(draft.books, body, "TotalAmt")
