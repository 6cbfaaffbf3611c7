"""Account: the chart of accounts (§3.6)."""

from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.columns import Column, ref
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import names, nesting
from app.simulator.kinds.currencies import account_currency
from app.simulator.kinds.fields import Field, Spot, choice, flag, plain_reference, read_only, reference, text
from app.simulator.kinds.kind import LIST_OPERATIONS, NAME_EVENTS, SYSTEM_ORDER, Draft, Kind

CLASSIFICATIONS = {
    "Bank": "Asset", "Accounts Receivable": "Asset", "Other Current Asset": "Asset", "Fixed Asset": "Asset",
    "Other Asset": "Asset", "Accounts Payable": "Liability", "Credit Card": "Liability",
    "Other Current Liability": "Liability", "Long Term Liability": "Liability", "Equity": "Equity",
    "Income": "Revenue", "Other Income": "Revenue", "Cost of Goods Sold": "Expense", "Expense": "Expense",
    "Other Expense": "Expense",
}  # fmt: skip
_SUBTYPES = {
    "Bank": "CashOnHand", "Income": "SalesOfProductIncome", "Accounts Receivable": "AccountsReceivable",
    "Accounts Payable": "AccountsPayable", "Credit Card": "CreditCard", "Cost of Goods Sold": "SuppliesMaterialsCogs",
    "Expense": "OtherMiscellaneousServiceCost", "Other Income": "OtherMiscellaneousIncome",
    "Other Expense": "OtherMiscellaneousExpense", "Equity": "OpeningBalanceEquity", "Fixed Asset": "OtherFixedAssets",
    "Other Asset": "OtherLongTermAssets", "Other Current Asset": "OtherCurrentAssets",
    "Other Current Liability": "OtherCurrentLiabilities", "Long Term Liability": "OtherLongTermLiabilities",
}  # fmt: skip
# Sub types by which an account without type is placed; beside the defaults only those the reference names (§3.5).
_TYPES = {subtype: kind for kind, subtype in _SUBTYPES.items()} | {
    "ServiceFeeIncome": "Income", "Checking": "Bank", "Savings": "Bank", "UndepositedFunds": "Other Current Asset",
    "Inventory": "Other Current Asset", "GlobalTaxPayable": "Other Current Liability",
}  # fmt: skip
_LONG_NUMBERS = ("AU", "CA")
_LONGEST_NUMBER = 20


def _account_number(value: object, spot: Spot) -> object:
    """At most 7 characters, 20 in Australia and Canada (§3.0)."""
    return text(_LONGEST_NUMBER if spot.books.country in _LONG_NUMBERS else 7)(value, spot)


FIELDS = (
    Field("Name", text(100), required=True),
    Field("AcctNum", _account_number),
    Field("Description", text(100)),
    Field("AccountType", choice(*CLASSIFICATIONS), keeps=True),
    Field("AccountSubType", text(100), keeps=True),
    Field("SubAccount", flag, keeps=True),
    Field("ParentRef", reference("Account")),
    Field("TaxCodeRef", reference("TaxCode")),
    Field("CurrencyRef", plain_reference, keeps=True),
    Field("Active", flag, keeps=True),
    *read_only("FullyQualifiedName", "Classification", "CurrentBalance", "CurrentBalanceWithSubAccounts", "Level"),
)
ORDER = (
    "Name", "SubAccount", "ParentRef", "Description", "FullyQualifiedName", "Active", "Classification", "AccountType",
    "AccountSubType", "AcctNum", "CurrentBalance", "CurrentBalanceWithSubAccounts", "CurrencyRef", *SYSTEM_ORDER,
)  # fmt: skip
COLUMNS = (
    Column("Name", indexed=True),
    Column("FullyQualifiedName", indexed=True),
    Column("AccountType"),
    Column("AccountSubType"),
    Column("AcctNum"),
    Column("Classification"),
    Column("Active", "flag"),
    Column("SubAccount", "flag"),
    Column("CurrentBalance", "number"),
    ref("ParentRef"),
    ref("CurrencyRef"),
)


def _type_of(body: Body) -> str:
    """AccountType or AccountSubType is required (§3.6); a sub type alone says where the account belongs."""
    if "AccountType" in body:
        return str(body["AccountType"])
    if "AccountSubType" not in body:
        raise refusals.Refusal(refusals.missing("AccountType"))
    found = _TYPES.get(str(body["AccountSubType"]))
    if found is None:
        raise refusals.invalid_choice(body["AccountSubType"], "AccountSubType")
    return found


def complete(draft: Draft) -> Body:
    """An account with its classification, its currency and its full name."""
    names.refuse_deleted(draft)
    zero: Body = {"SubAccount": False, "Active": True, "CurrentBalance": 0, "CurrentBalanceWithSubAccounts": 0}
    body = zero | draft.merged
    kind = _type_of(body)
    body |= {
        "Name": names.plain(body["Name"], "Name", barred=':"'), "AccountType": kind,
        "Classification": CLASSIFICATIONS[kind], "CurrencyRef": account_currency(draft),
    }  # fmt: skip
    body.setdefault("AccountSubType", _SUBTYPES[kind])
    body = names.with_suffix(nesting.placed(draft, "Account", body, "Name"), "Name", "FullyQualifiedName")
    names.refuse_taken(draft.saying(body), "Account", "FullyQualifiedName", names.LIST_TAKEN)
    return body


def _as_created(body: Body) -> Body:
    """The answer to a create was recorded without LastUpdatedTime (§3.6)."""
    return body | {"MetaData": {"CreateTime": body["MetaData"]["CreateTime"]}}


ACCOUNT = Kind(
    "Account", FIELDS, COLUMNS, LIST_OPERATIONS, complete, nesting.rename_below("Account"), is_list=True,
    order=ORDER, first_id=1150040002, first_answer=_as_created, events=NAME_EVENTS,
)  # fmt: skip
