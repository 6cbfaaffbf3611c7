"""Customer (§3.3)."""

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.columns import Column, ref
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import names, nesting
from app.simulator.kinds.company_currency import listed_currency
from app.simulator.kinds.contact import ADDRESS, EMAIL, PHONE, WEB, with_address_id
from app.simulator.kinds.currencies import party_currency
from app.simulator.kinds.fields import Field, Spot, choice, flag, number, plain_reference, read_only, reference, text
from app.simulator.kinds.kind import LIST_OPERATIONS, NAME_EVENTS, SYSTEM_ORDER, Draft, Kind

_NAME_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")

_MOST_REASONS = 15


def _exemption(value: object, spot: Spot) -> object:
    """TaxExemptionReasonId: 1 to 15 (§3.3)."""
    shown = number(value, spot)
    if shown not in range(1, _MOST_REASONS + 1):
        raise refusals.invalid_number(value, spot.name)
    return str(shown)


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
    Field("TaxExemptionReasonId", _exemption),
    Field("CustomerTypeRef", plain_reference),
    *read_only(
        "Balance", "BalanceWithJobs", "FullyQualifiedName", "Level", "IsProject", "V4IDPseudonym", "ClientEntityId"
    ),
)
ORDER = (
    "Taxable", "BillAddr", "ShipAddr", "Notes", "Job", "BillWithParent", "ParentRef", "Level", "SalesTermRef",
    "PaymentMethodRef", "Balance", "BalanceWithJobs", "CurrencyRef", "PreferredDeliveryMethod", "IsProject",
    *SYSTEM_ORDER, "Title", "GivenName", "MiddleName", "FamilyName", "Suffix", "CompanyName", "FullyQualifiedName",
    "DisplayName", "PrintOnCheckName", "Active", "PrimaryPhone", "AlternatePhone", "Mobile", "Fax", "PrimaryEmailAddr",
    "WebAddr", "DefaultTaxCodeRef",
)  # fmt: skip
COLUMNS = (
    Column("DisplayName", indexed=True),
    Column("FullyQualifiedName", indexed=True),
    Column("CompanyName"),
    Column("GivenName"),
    Column("MiddleName"),
    Column("FamilyName"),
    Column("PrintOnCheckName"),
    Column("Job", "flag"),
    Column("Taxable", "flag"),
    Column("PrimaryEmailAddr", path=("PrimaryEmailAddr", "Address"), indexed=True),
    Column("Active", "flag"),
    Column("Balance", "number"),
)


def _display_name(body: Body) -> str:
    """As sent, or built from title, given, middle, family name and suffix (§3.0)."""
    parts = [str(body[part]) for part in _NAME_PARTS if body.get(part)]
    name = names.plain(body.get("DisplayName") or " ".join(parts), "DisplayName")
    if not name:
        raise refusals.Refusal(refusals.missing("DisplayName"))
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
    """A customer as QuickBooks keeps it: names filled in, currency fixed, balance untouched."""
    names.refuse_deleted(draft)
    defaults: Body = {
        "Taxable": True, "Job": False, "BillWithParent": False, "Balance": 0, "BalanceWithJobs": 0,
        "PreferredDeliveryMethod": "Print", "IsProject": False, "Active": True,
    }  # fmt: skip
    body = defaults | draft.merged | {"CurrencyRef": party_currency(draft)}
    body["DisplayName"] = _display_name(body)
    body.setdefault("PrintOnCheckName", _check_name(body))
    _refuse_with_balance(draft)
    body = nesting.placed(draft, "Customer", body, "DisplayName")
    body = names.with_suffix(body, "DisplayName", "FullyQualifiedName")
    names.refuse_taken(draft.saying(body), "Customer", "DisplayName", names.PARTY_TAKEN)
    for address in ("BillAddr", "ShipAddr"):
        body = with_address_id(body, address)
    return _as_its_region(draft.books, body) | {"Balance": wire.amount(wire.money(body["Balance"]))}


def _as_its_region(books: Books, body: Body) -> Body:
    """A company in the United States gives each customer a DefaultTaxCodeRef (§3.3); a VAT number is masked (§3.0)."""
    if books.country == "US":
        body = {"DefaultTaxCodeRef": {"value": "2"}} | body
    number_given = body.get("PrimaryTaxIdentifier")
    if not number_given:
        return body
    return body | {"PrimaryTaxIdentifier": "X" * max(0, len(number_given) - 4) + number_given[-4:]}


def settle(books: Books, old: Body | None, new: Body) -> None:
    """A currency that is new to the company is put on its list (§3.3); names below follow a new name."""
    nesting.rename_below("Customer")(books, old, new)
    listed_currency(books, new["CurrencyRef"]["value"])


CUSTOMER = Kind(
    "Customer", FIELDS, (*COLUMNS, ref("ParentRef")), LIST_OPERATIONS, complete, settle, is_list=True, order=ORDER,
    events=NAME_EVENTS,
)  # fmt: skip
