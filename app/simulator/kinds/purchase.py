"""Purchase (§3.13): an expense paid at once, by cash, cheque or card."""

from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.columns import Column, ref
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import purchase_forms
from app.simulator.kinds.contact import ADDRESS
from app.simulator.kinds.fields import Field, Spot, choice, flag, plain_reference, read_only, reference, text
from app.simulator.kinds.kind import Draft, Kind
from app.simulator.kinds.numbering import refuse_duplicate_cheque

_PARTIES = ("Vendor", "Customer", "Employee")
# The types of money account each way of paying takes (§3.13 names cash, cheque and card; the rule itself is inferred).
_ACCOUNT_TYPES = {"Cash": ("Bank", "Other Current Asset"), "Check": ("Bank",), "CreditCard": ("Credit Card",)}
_TXN_TYPES = {"Cash": "54", "Check": "3", "CreditCard": "54"}
_CARD_CREDIT = "11"


def _entity(value: object, spot: Spot) -> object:
    """`{value, type}` of a vendor, customer or employee; a type in other letters is refused (§10.15)."""
    kind = value.get("type", "Vendor") if isinstance(value, dict) else "Vendor"
    if kind not in _PARTIES:
        raise refusals.invalid_choice(kind, "EntityRef.type")
    found = reference(kind)(value, spot)
    return found | {"type": kind} if isinstance(found, dict) else found


FIELDS = (
    Field("PaymentType", choice("Cash", "Check", "CreditCard"), required=True),
    Field("AccountRef", reference("Account"), required=True),
    *purchase_forms.FIELDS,
    Field("EntityRef", _entity),
    Field("Credit", flag),
    Field("RemitToAddr", ADDRESS),
    Field("PaymentMethodRef", reference("PaymentMethod")),
    Field("PaymentRefNum", text(21)),
    Field("PrintStatus", choice("NotSet", "NeedToPrint", "PrintComplete")),
    Field("TxnTaxCodeRef", plain_reference),
    *read_only("TxnNum"),
)
COLUMNS = (*purchase_forms.COLUMNS, Column("PaymentType"), Column("Credit", "flag"), ref("EntityRef"))


def _party(draft: Draft) -> Body:
    entity = draft.merged.get("EntityRef") or {}
    found = draft.books.get(str(entity.get("type", "Vendor")), str(entity.get("value", "")))
    account = draft.books.get("Account", draft.merged["AccountRef"]["value"]) or {}
    return found if found and "CurrencyRef" in found else account


def complete(draft: Draft) -> Body:
    """An expense from a fitting account; `Credit` belongs to cards alone. Lines have no LineNum (§3.13)."""
    refuse_duplicate_cheque(draft)
    pay_type = str(draft.merged["PaymentType"])
    account = draft.books.get("Account", draft.merged["AccountRef"]["value"]) or {}
    if account.get("AccountType") not in _ACCOUNT_TYPES[pay_type]:
        raise refusals.business(f"An account of another type is needed for PaymentType {pay_type}.")
    if draft.merged.get("Credit") and pay_type != "CreditCard":
        raise refusals.business("Credit is valid only for PaymentType CreditCard.")
    body = purchase_forms.without_numbers(purchase_forms.complete_purchase(draft, _party(draft)))
    card = {"Credit": bool(body.get("Credit"))} if pay_type == "CreditCard" else {}
    return {"PrintStatus": "NotSet"} | body | card


def _shown(body: Body) -> Body:
    """With the read-only block PurchaseEx, which is refused when it comes back (§2.5); what was deleted has none."""
    if body.get("status") == "Deleted":
        return body
    kind = _CARD_CREDIT if body.get("Credit") else _TXN_TYPES[body["PaymentType"]]
    entry = {
        "name": "{http://schema.intuit.com/finance/v3}NameValue",
        "declaredType": "com.intuit.schema.finance.v3.NameValue",
        "scope": "javax.xml.bind.JAXBElement$GlobalScope",
        "value": {"Name": "TxnType", "Value": kind}, "nil": False, "globalScope": True, "typeSubstituted": False,
    }  # fmt: skip
    return body | {"PurchaseEx": {"any": [entry]}}


PURCHASE = Kind(
    "Purchase", FIELDS, COLUMNS, frozenset({"create", "update", "delete"}), complete, order=purchase_forms.ORDER,
    always=("PaymentType",), shown=_shown,
)  # fmt: skip
