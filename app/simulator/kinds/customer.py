"""Customer (§3.3)."""

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.columns import Column, ref
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import names
from app.simulator.kinds.contact import ADDRESS, EMAIL, PHONE, WEB, with_address_id
from app.simulator.kinds.currencies import home_currency
from app.simulator.kinds.fields import Field, choice, flag, number, plain_reference, read_only, reference, text
from app.simulator.kinds.kind import LIST_OPERATIONS, Draft, Kind

_NAME_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")

FIELDS = (
    Field("DisplayName", text(500)),
    Field("Title", text(16)),
    Field("GivenName", text(100)),
    Field("MiddleName", text(100)),
    Field("FamilyName", text(100)),
    Field("Suffix", text(16)),
    Field("CompanyName", text(100)),
    Field("PrintOnCheckName", text(110)),
    Field("Notes", text(2000)),
    Field("PrimaryPhone", PHONE),
    Field("AlternatePhone", PHONE),
    Field("Mobile", PHONE),
    Field("Fax", PHONE),
    Field("PrimaryEmailAddr", EMAIL),
    Field("WebAddr", WEB),
    Field("BillAddr", ADDRESS),
    Field("ShipAddr", ADDRESS),
    Field("Taxable", flag, keeps=True),
    Field("DefaultTaxCodeRef", reference("TaxCode"), keeps=True),
    Field("PrimaryTaxIdentifier", text(20)),
    Field("ResaleNum", text(16)),
    Field("SalesTermRef", reference("Term")),
    Field("PaymentMethodRef", reference("PaymentMethod")),
    Field("CurrencyRef", plain_reference, keeps=True),
    Field("PreferredDeliveryMethod", choice("Print", "Email", "None"), keeps=True),
    Field("ParentRef", reference("Customer")),
    Field("Job", flag, keeps=True),
    Field("BillWithParent", flag, keeps=True),
    Field("Active", flag, keeps=True),
    Field("OpenBalanceDate", text(10)),
    Field("TaxExemptionReasonId", number),
    *read_only(
        "Balance", "BalanceWithJobs", "FullyQualifiedName", "Level", "IsProject", "V4IDPseudonym", "ClientEntityId"
    ),
)
COLUMNS = (
    Column("DisplayName", indexed=True),
    Column("FullyQualifiedName", indexed=True),
    Column("CompanyName"),
    Column("GivenName"),
    Column("FamilyName"),
    Column("PrimaryEmailAddr", path=("PrimaryEmailAddr", "Address"), indexed=True),
    Column("Active", "flag"),
    Column("Balance", "number"),
)


def _display_name(body: Body) -> str:
    parts = [str(body[part]) for part in _NAME_PARTS if body.get(part)]
    name = names.tidy(body.get("DisplayName") or " ".join(parts))
    if not name:
        raise refusals.Refusal(refusals.missing("DisplayName"))
    if ":" in name:
        raise refusals.unreadable("DisplayName")
    return name


def _check_name(body: Body) -> str:
    """PrintOnCheckName: company, else given and family name, else the display name (§3.3)."""
    person = " ".join(str(body[part]) for part in ("GivenName", "FamilyName") if body.get(part))
    return str(body.get("CompanyName") or person or body["DisplayName"])


def _refuse_with_balance(draft: Draft) -> None:
    leaving = draft.old and draft.old.get("Active") and draft.merged.get("Active") is False
    if leaving and draft.merged.get("Balance") and draft.books.switches["deactivate_with_balance"] == "fault":
        raise refusals.business("Delete List Has Balance Error")


def complete(draft: Draft) -> Body:
    """A customer as QuickBooks keeps it: names filled in, home currency, balance untouched."""
    names.refuse_deleted(draft)
    defaults: Body = {
        "Taxable": True, "Job": False, "BillWithParent": False, "Balance": 0, "BalanceWithJobs": 0,
        "CurrencyRef": home_currency(draft.books), "PreferredDeliveryMethod": "Print", "IsProject": False,
        "Active": True,
    }  # fmt: skip
    body = defaults | draft.merged
    body["DisplayName"] = _display_name(body).removesuffix(names.DELETED)
    body["FullyQualifiedName"] = body["DisplayName"]
    body.setdefault("PrintOnCheckName", _check_name(body))
    # Multi-currency is off: another currency is taken with 200 and the home currency stored (§10.3, §10.5).
    body["CurrencyRef"] = draft.old["CurrencyRef"] if draft.old else home_currency(draft.books)
    _refuse_with_balance(draft)
    body = names.with_suffix(body, "DisplayName", "FullyQualifiedName")
    named = Draft(draft.books, draft.sent, draft.old, body)
    names.refuse_taken(named, "Customer", "DisplayName", names.PARTY_TAKEN)
    for address in ("BillAddr", "ShipAddr"):
        body = with_address_id(body, address)
    return body | {"Balance": wire.amount(wire.money(body["Balance"]))}


CUSTOMER = Kind("Customer", FIELDS, (*COLUMNS, ref("ParentRef")), LIST_OPERATIONS, complete, is_list=True)
