"""Item: products and services (§3.5)."""

from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.columns import Column
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import names
from app.simulator.kinds.fields import Field, choice, day, flag, number, read_only, reference, text
from app.simulator.kinds.kind import LIST_OPERATIONS, Draft, Kind

FIELDS = (
    Field("Name", text(100), required=True),
    Field("Sku", text(100)),
    Field("Description", text(4000)),
    Field("Active", flag, keeps=True),
    Field("SubItem", flag),
    Field("ParentRef", reference("Item")),
    Field("Taxable", flag, keeps=True),
    Field("SalesTaxIncluded", flag),
    Field("UnitPrice", number),
    Field("Type", choice("Service", "NonInventory", "Inventory", "Category"), keeps=True),
    Field("IncomeAccountRef", reference("Account"), keeps=True),
    Field("ExpenseAccountRef", reference("Account"), keeps=True),
    Field("AssetAccountRef", reference("Account"), keeps=True),
    Field("SalesTaxCodeRef", reference("TaxCode")),
    Field("PurchaseTaxCodeRef", reference("TaxCode")),
    Field("PurchaseTaxIncluded", flag),
    Field("PurchaseDesc", text(1000)),
    Field("PurchaseCost", number),
    Field("TrackQtyOnHand", flag, keeps=True),
    Field("QtyOnHand", number, keeps=True),
    Field("InvStartDate", day, keeps=True),
    Field("ItemCategoryType", text(30)),
    Field("AbatementRate", number),
    Field("ReverseChargeRate", number),
    Field("ServiceType", text(30)),
    *read_only("FullyQualifiedName", "Level", "DeferredRevenue", "ClassRef", "TaxClassificationRef"),
)
COLUMNS = (
    Column("Name", indexed=True),
    Column("FullyQualifiedName", indexed=True),
    Column("Type"),
    Column("Sku", indexed=True),
    Column("Active", "flag"),
    Column("Taxable", "flag"),
    Column("SubItem", "flag"),
    Column("UnitPrice", "number"),
)
_ACCOUNTS_BY_TYPE = {
    "Service": ("IncomeAccountRef",),
    "NonInventory": ("IncomeAccountRef",),
    "Inventory": ("IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef", "QtyOnHand", "InvStartDate"),
    "Category": (),
}


def _require(body: Body) -> None:
    """The accounts each type needs (2020); a service may have only an expense account when it is bought."""
    needed = _ACCOUNTS_BY_TYPE[body["Type"]]
    if body["Type"] != "Inventory" and "ExpenseAccountRef" in body:
        needed = ()
    absent = [refusals.missing(name) for name in needed if name not in body]
    if absent:
        raise refusals.Refusal(*absent)


def complete(draft: Draft) -> Body:
    """An item with QuickBooks' defaults and its full name."""
    names.refuse_deleted(draft)
    defaults: Body = {
        "Active": True, "Taxable": False, "UnitPrice": 0, "Type": "Service", "PurchaseCost": 0,
        "TrackQtyOnHand": False, "DeferredRevenue": False,
    }  # fmt: skip
    body = defaults | draft.merged
    name = names.tidy(body["Name"]).removesuffix(names.DELETED)
    if ":" in name:
        raise refusals.unreadable("Name")
    parent = draft.books.get("Item", str(body.get("ParentRef", {}).get("value", "")))
    full = f"{parent['FullyQualifiedName']}:{name}" if parent else name
    _require(body)
    body = names.with_suffix(body | {"Name": name, "FullyQualifiedName": full}, "Name", "FullyQualifiedName")
    named = Draft(draft.books, draft.sent, draft.old, body)
    names.refuse_taken(named, "Item", "FullyQualifiedName", names.LIST_TAKEN)
    return body


ITEM = Kind("Item", FIELDS, COLUMNS, LIST_OPERATIONS, complete, is_list=True)
