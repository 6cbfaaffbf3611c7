"""Account: the chart of accounts (§3.6)."""

from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.columns import Column
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import names
from app.simulator.kinds.currencies import home_currency
from app.simulator.kinds.fields import Field, choice, flag, read_only, reference, text
from app.simulator.kinds.kind import LIST_OPERATIONS, Draft, Kind

CLASSIFICATIONS = {
    "Bank": "Asset", "Accounts Receivable": "Asset", "Other Current Asset": "Asset", "Fixed Asset": "Asset",
    "Other Asset": "Asset", "Accounts Payable": "Liability", "Credit Card": "Liability",
    "Other Current Liability": "Liability", "Long Term Liability": "Liability", "Equity": "Equity",
    "Income": "Revenue", "Other Income": "Revenue", "Cost of Goods Sold": "Expense", "Expense": "Expense",
    "Other Expense": "Expense",
}  # fmt: skip
_SUBTYPES = {"Bank": "CashOnHand", "Income": "SalesOfProductIncome", "Accounts Receivable": "AccountsReceivable"}

FIELDS = (
    Field("Name", text(100), required=True),
    Field("AcctNum", text(7)),
    Field("Description", text(100)),
    Field("AccountType", choice(*CLASSIFICATIONS), keeps=True),
    Field("AccountSubType", text(100), keeps=True),
    Field("SubAccount", flag, keeps=True),
    Field("ParentRef", reference("Account")),
    Field("TaxCodeRef", reference("TaxCode")),
    Field("Active", flag, keeps=True),
    *read_only(
        "FullyQualifiedName", "Classification", "CurrentBalance", "CurrentBalanceWithSubAccounts", "CurrencyRef"
    ),
)
COLUMNS = (
    Column("Name", indexed=True),
    Column("FullyQualifiedName", indexed=True),
    Column("AccountType"),
    Column("AccountSubType"),
    Column("AcctNum"),
    Column("Classification"),
    Column("Active", "flag"),
)


def complete(draft: Draft) -> Body:
    """An account with its classification; AccountType or AccountSubType is required (§3.6)."""
    names.refuse_deleted(draft)
    zero: Body = {"SubAccount": False, "Active": True, "CurrentBalance": 0, "CurrentBalanceWithSubAccounts": 0}
    body = zero | draft.merged
    if not ("AccountType" in body or "AccountSubType" in body):
        raise refusals.Refusal(refusals.missing("AccountType"))
    kind = str(body.setdefault("AccountType", "Expense"))
    name = names.tidy(body["Name"]).removesuffix(names.DELETED)
    if ":" in name or '"' in name:
        raise refusals.unreadable("Name")
    body |= {"Name": name, "FullyQualifiedName": name, "Classification": CLASSIFICATIONS[kind]}
    body.setdefault("AccountSubType", _SUBTYPES.get(kind, kind.replace(" ", "")))
    body["CurrencyRef"] = home_currency(draft.books)
    body = names.with_suffix(body, "Name", "FullyQualifiedName")
    names.refuse_taken(Draft(draft.books, draft.sent, draft.old, body), "Account", "Name", names.LIST_TAKEN)
    return body


ACCOUNT = Kind("Account", FIELDS, COLUMNS, LIST_OPERATIONS, complete, is_list=True)
