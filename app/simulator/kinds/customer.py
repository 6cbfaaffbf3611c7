"""Customer (§3.3)."""

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.columns import Column, ref
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import names, nesting, parties
from app.simulator.kinds.company_currency import listed_currency
from app.simulator.kinds.contact import ADDRESS, with_address_id
from app.simulator.kinds.currencies import party_currency
from app.simulator.kinds.fields import Field, Spot, choice, flag, number, plain_reference, read_only, reference, text
from app.simulator.kinds.kind import LIST_OPERATIONS, NAME_EVENTS, SYSTEM_ORDER, Draft, Kind

_MOST_REASONS = 15


def _exemption(value: object, spot: Spot) -> object:
    """TaxExemptionReasonId: 1 to 15 (§3.3)."""
    shown = number(value, spot)
    if shown not in range(1, _MOST_REASONS + 1):
        raise refusals.invalid_number(value, spot.name)
    return str(shown)


FIELDS = (
    *parties.NAMES,
    Field("PrintOnCheckName", text(110)),
    Field("Notes", text(2000)),
    *parties.CONTACTS,
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
    *parties.COLUMNS,
    Column("FullyQualifiedName", indexed=True),
    Column("Job", "flag"),
    Column("Taxable", "flag"),
)


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
    body["DisplayName"] = parties.display_name(body)
    body.setdefault("PrintOnCheckName", parties.check_name(body))
    _refuse_with_balance(draft)
    body = nesting.placed(draft, "Customer", body, "DisplayName")
    body = names.with_suffix(body, "DisplayName", "FullyQualifiedName")
    parties.refuse_taken(draft.saying(body))
    for address in ("BillAddr", "ShipAddr"):
        body = with_address_id(draft, body, address)
    return _as_its_region(draft.books, body) | {"Balance": wire.amount(wire.money(body["Balance"]))}


def _as_its_region(books: Books, body: Body) -> Body:
    """A company in the United States gives each customer a DefaultTaxCodeRef (§3.3); a VAT number is masked (§3.0)."""
    if books.country == "US":
        body = {"DefaultTaxCodeRef": {"value": "2"}} | body
    return parties.masked(body, "PrimaryTaxIdentifier")


def settle(books: Books, old: Body | None, new: Body) -> None:
    """A currency that is new to the company is put on its list (§3.3); names below follow a new name."""
    nesting.rename_below("Customer")(books, old, new)
    listed_currency(books, new["CurrencyRef"]["value"])


CUSTOMER = Kind(
    "Customer", FIELDS, (*COLUMNS, ref("ParentRef")), LIST_OPERATIONS, complete, settle, is_list=True, order=ORDER,
    events=NAME_EVENTS,
)  # fmt: skip
