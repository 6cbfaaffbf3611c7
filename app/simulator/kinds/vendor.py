"""Vendor (§3.4)."""

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import names, parties
from app.simulator.kinds.company_currency import listed_currency
from app.simulator.kinds.contact import ADDRESS, with_address_id
from app.simulator.kinds.currencies import party_currency
from app.simulator.kinds.fields import Field, choice, flag, number, plain_reference, read_only, reference, text
from app.simulator.kinds.kind import LIST_OPERATIONS, NAME_EVENTS, SYSTEM_ORDER, Draft, Kind

FIELDS = (
    *parties.NAMES,
    Field("PrintOnCheckName", text(100)),
    *parties.CONTACTS,
    Field("BillAddr", ADDRESS),
    Field("TermRef", reference("Term")),
    Field("AcctNum", text(100)),
    Field("TaxIdentifier", text(20)),
    Field("BusinessNumber", text(20)),
    Field("TaxReportingBasis", choice("Cash", "Accrual")),
    Field("APAccountRef", reference("Account")),
    Field("Vendor1099", flag, keeps=True),
    Field("BillRate", number, keeps=True),
    Field("CostRate", number, keeps=True),
    Field("CurrencyRef", plain_reference, keeps=True),
    Field("Active", flag, keeps=True),
    Field("Notes", text(2000)),
    *read_only("Balance", "V4IDPseudonym", "VendorPaymentBankDetail"),
)
ORDER = (
    "BillAddr", "TermRef", "Balance", "BillRate", "AcctNum", "Vendor1099", "CostRate", "CurrencyRef", *SYSTEM_ORDER,
    "Title", "GivenName", "MiddleName", "FamilyName", "Suffix", "CompanyName", "DisplayName",
    *parties.CONTACT_ORDER, "V4IDPseudonym",
)  # fmt: skip


def _refuse_with_balance(draft: Draft) -> None:
    leaving = draft.old and draft.old.get("Active") and draft.merged.get("Active") is False
    if leaving and draft.merged.get("Balance") and draft.books.switches["deactivate_with_balance"] == "fault":
        raise refusals.business("Delete List Has Balance Error")


def complete(draft: Draft) -> Body:
    """A vendor as QuickBooks keeps it; a tax identifier shows only its end. DisplayName or a part is required."""
    names.refuse_deleted(draft)
    defaults: Body = {"Balance": 0, "BillRate": 0, "CostRate": 0, "Vendor1099": False, "Active": True}
    body = defaults | draft.merged | {"CurrencyRef": party_currency(draft)}
    body["DisplayName"] = parties.display_name(body)
    body.setdefault("PrintOnCheckName", parties.check_name(body))
    _refuse_with_balance(draft)
    body = names.with_suffix(body, "DisplayName")
    parties.refuse_taken(draft.saying(body))
    body = parties.masked(with_address_id(draft, body, "BillAddr"), "TaxIdentifier")
    return body | {"Balance": wire.amount(wire.money(body["Balance"]))}


def settle(books: Books, _old: Body | None, new: Body) -> None:
    """A currency that is new to the company is put on its list."""
    listed_currency(books, new["CurrencyRef"]["value"])


VENDOR = Kind(
    "Vendor", FIELDS, parties.COLUMNS, LIST_OPERATIONS, complete, settle, is_list=True, order=ORDER, events=NAME_EVENTS
)
