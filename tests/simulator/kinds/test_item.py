"""Items by type (§3.5)."""

import pytest

from tests.simulator.client import Body, Client

STOCK = {
    "Name": "Switch", "Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 5, "InvStartDate": "2026-01-01",
    "IncomeAccountRef": {"value": "79"}, "ExpenseAccountRef": {"value": "80"}, "AssetAccountRef": {"value": "81"},
}  # fmt: skip


def test_an_item_looks_as_recorded(app: Client) -> None:
    made = app.write("item", {"Name": "Audit", "Type": "Service", "IncomeAccountRef": {"value": "1"}})
    assert list(made) == [
        "Name", "Active", "FullyQualifiedName", "Taxable", "UnitPrice", "Type", "IncomeAccountRef", "PurchaseCost",
        "TrackQtyOnHand", "DeferredRevenue", "domain", "sparse", "Id", "SyncToken", "MetaData",
    ]  # fmt: skip


@pytest.mark.parametrize("absent", ["AssetAccountRef", "ExpenseAccountRef", "QtyOnHand", "InvStartDate"])
def test_stock_needs_all_its_accounts_2020(app: Client, absent: str) -> None:
    sent = {name: value for name, value in STOCK.items() if name != absent}
    assert app.refused("item", sent) == ("2020", f"Required parameter {absent} is missing in the request")


def test_stock_stays_stock(app: Client) -> None:
    made = app.write("item", STOCK)
    assert app.refused("item", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Type": "Service"})[0] == "6000"


def test_a_category_needs_a_name_alone_and_has_no_price(app: Client) -> None:
    made = app.write("item", {"Name": "Security", "Type": "Category"})
    assert "UnitPrice" not in made
    sent = {"Name": "Firewall", "Type": "Service", "IncomeAccountRef": {"value": "1"}, "SubItem": True}
    below = app.write("item", sent | {"ParentRef": {"value": made["Id"]}})
    assert (below["FullyQualifiedName"], below["Level"]) == ("Security:Firewall", 1)


@pytest.mark.parametrize("accounts", [{"IncomeAccountRef": {"value": "35"}}, {"ExpenseAccountRef": {"value": "79"}}])
def test_an_account_must_be_of_its_type_6000(app: Client, accounts: Body) -> None:
    assert app.refused("item", {"Name": "Audit", "Type": "Service"} | accounts)[0] == "6000"


def test_a_bundle_cannot_be_made_2170(app: Client) -> None:
    assert app.refused("item", {"Name": "Kit", "Type": "Group"})[0] == "2170"
