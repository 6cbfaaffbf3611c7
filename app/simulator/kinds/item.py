"""Item: products and services (§3.5)."""

from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.columns import Column, ref
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import names, nesting
from app.simulator.kinds.fields import Field, choice, day, flag, number, read_only, reference, text
from app.simulator.kinds.kind import LIST_OPERATIONS, NAME_EVENTS, SYSTEM_ORDER, Draft, Kind

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
    Field("PrefVendorRef", reference("Vendor")),
    Field("ClassRef", reference("Class")),
    Field("ReorderPoint", number),
    *read_only("FullyQualifiedName", "Level", "DeferredRevenue", "TaxClassificationRef", "ItemGroupDetail",
               "PrintGroupedItems"),
)  # fmt: skip
ORDER = (
    "Name", "Sku", "Description", "Active", "SubItem", "ParentRef", "Level", "FullyQualifiedName", "Taxable",
    "SalesTaxIncluded", "UnitPrice", "Type", "IncomeAccountRef", "PurchaseDesc", "PurchaseTaxIncluded", "PurchaseCost",
    "ExpenseAccountRef", "AssetAccountRef", "TrackQtyOnHand", "QtyOnHand", "InvStartDate", "SalesTaxCodeRef",
    "PurchaseTaxCodeRef", "DeferredRevenue", *SYSTEM_ORDER,
)  # fmt: skip
COLUMNS = (
    Column("Name", indexed=True),
    Column("FullyQualifiedName", indexed=True),
    Column("Type"),
    Column("Sku", indexed=True),
    Column("Active", "flag"),
    Column("Taxable", "flag"),
    Column("SubItem", "flag"),
    Column("UnitPrice", "number"),
    Column("Description"),
    Column("QtyOnHand", "number"),
    Column("PurchaseCost", "number"),
    ref("ParentRef"),
)
_NEEDED = {
    "Service": ("IncomeAccountRef",),
    "NonInventory": ("IncomeAccountRef",),
    "Inventory": ("IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef", "QtyOnHand", "InvStartDate"),
    "Category": (),
}


def _require(body: Body) -> None:
    """The accounts each type needs (2020); a service may have only an expense account when it is bought."""
    needed = _NEEDED[body["Type"]]
    if body["Type"] != "Inventory" and "ExpenseAccountRef" in body:
        needed = ()
    absent = [refusals.missing(name) for name in needed if name not in body]
    if absent:
        raise refusals.Refusal(*absent)


_ACCOUNT_TYPES = {
    "IncomeAccountRef": ("Income", "Other Income"),
    "ExpenseAccountRef": ("Cost of Goods Sold", "Expense", "Other Expense"),
    "AssetAccountRef": ("Other Current Asset",),
}


def _refuse_accounts(books: Books, body: Body) -> None:
    """Each account must be of the type its use asks for (§3.5). The text is not recorded."""
    for name, types in _ACCOUNT_TYPES.items():
        account = books.get("Account", str((body.get(name) or {}).get("value", "")))
        if account and account["AccountType"] not in types:
            raise refusals.business(f"The account in {name} must be of type {' or '.join(types)}.")


def _refuse_change_of_type(draft: Draft, body: Body) -> None:
    """Inventory stays inventory, a category a category (§3.5: one-way); a bundle is only read."""
    old = draft.old or body
    fixed = {"Inventory", "Category", "Group"} & {old["Type"], body["Type"]}
    if old["Type"] == "Group" or (fixed and body["Type"] != old["Type"] and old["Type"] in fixed):
        raise refusals.business("The type of this item cannot be changed.")
    if body["Type"] == "Inventory" and not body.get("TrackQtyOnHand"):
        raise refusals.Refusal(refusals.missing("TrackQtyOnHand"))


def _defaults(kind: object) -> Body:
    """What QuickBooks fills in (§3.5); a category has no price."""
    if kind == "Category":
        return {"Active": True, "Type": "Category"}
    return {
        "Active": True, "Taxable": False, "UnitPrice": 0, "Type": "Service", "PurchaseCost": 0,
        "TrackQtyOnHand": False, "DeferredRevenue": False,
    }  # fmt: skip


def complete(draft: Draft) -> Body:
    """An item with QuickBooks' defaults and its full name."""
    names.refuse_deleted(draft)
    body = _defaults(draft.merged.get("Type")) | draft.merged
    body["Name"] = names.plain(body["Name"], "Name")
    _refuse_change_of_type(draft, body)
    _require(body)
    _refuse_accounts(draft.books, body)
    body = names.with_suffix(nesting.placed(draft, "Item", body, "Name"), "Name", "FullyQualifiedName")
    names.refuse_taken(draft.saying(body), "Item", "FullyQualifiedName", names.LIST_TAKEN)
    return body


ITEM = Kind(
    "Item", FIELDS, COLUMNS, LIST_OPERATIONS, complete, nesting.rename_below("Item"), is_list=True, order=ORDER,
    events=NAME_EVENTS,
)  # fmt: skip
