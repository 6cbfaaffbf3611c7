"""Customers (§3.3)."""

from tests.simulator.client import Client

TAKEN = (
    "The name supplied already exists. : Another customer, vendor or employee is already using this name. "
    "Please use a different name."
)


def test_a_new_customer_gets_what_intuit_fills_in(app: Client) -> None:
    made = app.write("customer", {"DisplayName": "Acme", "CompanyName": "Acme Ltd"})
    assert made["SyncToken"] == "0"
    assert made["PrintOnCheckName"] == "Acme Ltd"
    assert made["CurrencyRef"] == {"value": "GBP", "name": "British Pound Sterling"}
    assert made["Balance"] == 0


def test_a_name_is_taken_whatever_its_case_6240(app: Client) -> None:
    assert app.refused("customer", {"DisplayName": "HARBOUR  cafe"}) == ("6240", TAKEN)


def test_a_customer_without_any_name_is_refused_2020(app: Client) -> None:
    assert app.refused("customer", {"Notes": "who?"})[0] == "2020"


def test_a_name_over_its_limit_is_refused_2050(app: Client) -> None:
    assert app.refused("customer", {"DisplayName": "x" * 501}) == ("2050", "Length of the field exceeds 500 chars")


def test_an_unknown_property_is_refused_2010(app: Client) -> None:
    code, detail = app.refused("customer", {"DisplayName": "Acme", "BadJson": 1})
    assert code == "2010"
    assert detail.startswith('Property Name:Unrecognized field "BadJson" (class com.intuit.schema.finance.v3.Customer)')


def test_an_update_that_changes_nothing_keeps_the_sync_token(app: Client) -> None:
    same = {"Id": "1", "SyncToken": "0", "sparse": True, "DisplayName": "Harbour Cafe"}
    assert app.write("customer", same)["SyncToken"] == "0"


def test_an_old_sync_token_is_refused_5010(app: Client) -> None:
    change = {"Id": "1", "SyncToken": "0", "sparse": True, "Notes": "Pays late"}
    assert app.write("customer", change)["SyncToken"] == "1"
    assert app.refused("customer", change)[0] == "5010"


def test_a_sparse_update_keeps_what_it_leaves_out(app: Client) -> None:
    changed = app.write("customer", {"Id": "1", "SyncToken": "0", "sparse": True, "Notes": "Pays late"})
    assert changed["PrimaryEmailAddr"] == {"Address": "accounts@harbourcafe.example"}


def test_a_full_update_wipes_what_it_leaves_out(app: Client) -> None:
    changed = app.write("customer", {"Id": "1", "SyncToken": "0", "DisplayName": "Harbour"})
    assert "PrimaryEmailAddr" not in changed
    assert changed["PrintOnCheckName"] == "Harbour"
    assert changed["Taxable"] is True


def test_an_inactive_customer_gives_up_its_name(app: Client) -> None:
    gone = app.write("customer", {"Id": "1", "SyncToken": "0", "sparse": True, "Active": False})
    assert gone["DisplayName"] == "Harbour Cafe (deleted)"
    assert app.write("customer", {"DisplayName": "Harbour Cafe"})["Id"] == "4"


def test_an_inactive_customer_can_hold_its_name_by_switch(app: Client) -> None:
    app.control("switches", {"inactive_name_blocks": True})
    app.write("customer", {"Id": "1", "SyncToken": "0", "sparse": True, "Active": False})
    assert app.refused("customer", {"DisplayName": "Harbour Cafe"})[0] == "6240"


def test_an_inactive_customer_can_only_be_woken_6000(app: Client) -> None:
    app.write("customer", {"Id": "1", "SyncToken": "0", "sparse": True, "Active": False})
    code, detail = app.refused("customer", {"Id": "1", "SyncToken": "1", "sparse": True, "Notes": "x"})
    assert (code, detail) == (
        "6000",
        "Business Validation Error: You cannot modify a list element that has been deleted.",
    )
    back = app.write("customer", {"Id": "1", "SyncToken": "1", "sparse": True, "Active": True})
    assert back["DisplayName"] == "Harbour Cafe"


def test_a_customer_who_owes_is_not_made_inactive(app: Client) -> None:
    app.invoice()
    assert app.refused("customer", {"Id": "1", "SyncToken": "0", "sparse": True, "Active": False})[0] == "6000"


def test_a_customer_cannot_be_deleted(app: Client) -> None:
    assert app.refused("customer?operation=delete", {"Id": "1", "SyncToken": "0"})[0] == "500"


def test_another_currency_is_silently_home(app: Client) -> None:
    """As recorded while multi-currency is off (§10.3)."""
    made = app.write("customer", {"DisplayName": "Paris SARL", "CurrencyRef": {"value": "EUR"}})
    assert made["CurrencyRef"]["value"] == "GBP"


def test_a_sleeper_whose_name_is_taken_meanwhile_is_not_woken_6240(app: Client) -> None:
    same = {"Id": "2", "sparse": True}
    app.write("customer", same | {"SyncToken": "0", "Active": False})
    app.write("customer", {"DisplayName": "Moorside Dental Practice"})
    assert app.refused("customer", same | {"SyncToken": "1", "Active": True})[0] == "6240"
