"""Names below each other, and the lists that know parents (§3.0, §3.6, §3.16)."""

import pytest

from tests.simulator.client import Client


def test_a_sub_customer_stands_below_its_parent(app: Client) -> None:
    made = app.write("customer", {"DisplayName": "Branch", "Job": True, "ParentRef": {"value": "1"}})
    assert (made["FullyQualifiedName"], made["Level"], made["Job"]) == ("Harbour Cafe:Branch", 1, True)


def test_what_a_sub_customer_owes_counts_above_only_with_jobs(app: Client) -> None:
    branch = app.write("customer", {"DisplayName": "Branch", "Job": True, "ParentRef": {"value": "1"}})["Id"]
    app.invoice(CustomerRef={"value": branch})
    parent = app.read("customer/1")
    assert (parent["Balance"], parent["BalanceWithJobs"]) == (0, 120)
    assert app.read(f"customer/{branch}")["BalanceWithJobs"] == 120


def test_names_below_follow_a_new_name(app: Client) -> None:
    app.write("customer", {"DisplayName": "Branch", "Job": True, "ParentRef": {"value": "1"}})
    app.write("customer", {"Id": "1", "SyncToken": "0", "sparse": True, "DisplayName": "Harbour Group"})
    assert app.find("Customer", "FullyQualifiedName = 'Harbour Group:Branch'")["maxResults"] == 1


def test_five_levels_are_the_most(app: Client) -> None:
    above = "1"
    for level in range(1, 5):
        sent = {"DisplayName": f"L{level}", "Job": True, "ParentRef": {"value": above}}
        above = app.write("customer", sent)["Id"]
    assert app.refused("customer", {"DisplayName": "L5", "Job": True, "ParentRef": {"value": above}})[0] == "6000"


def test_nobody_is_its_own_parent(app: Client) -> None:
    change = {"Id": "1", "SyncToken": "0", "sparse": True, "Job": True, "ParentRef": {"value": "1"}}
    assert app.refused("customer", change)[0] == "6000"


def test_the_flag_alone_lacks_its_parent_2020(app: Client) -> None:
    assert app.refused("customer", {"DisplayName": "Branch", "Job": True})[0] == "2020"


@pytest.mark.parametrize(("kind", "taken"), [("vendor", "Harbour Cafe"), ("employee", "harbour  CAFE")])
def test_a_name_is_unique_across_customers_vendors_and_employees_6240(app: Client, kind: str, taken: str) -> None:
    detail = "The name supplied already exists. : Another customer, vendor or employee is already using this name."
    refusal = app.refused(kind, {"DisplayName": taken})
    assert (refusal[0], refusal[1].startswith(detail)) == ("6240", True)


def test_a_vendor_looks_as_recorded(app: Client) -> None:
    made = app.write("vendor", {"DisplayName": "Acme", "TaxIdentifier": "123-45-6789"})
    figures = [made["Balance"], made["BillRate"], made["CostRate"], made["Vendor1099"]]
    assert (figures, made["TaxIdentifier"]) == ([0, 0, 0, False], "XXXXXXX6789")


def test_a_full_change_of_a_vendor_needs_nothing_but_its_name(app: Client) -> None:
    assert app.write("vendor", {"Id": "50", "SyncToken": "0", "DisplayName": "New"})["DisplayName"] == "New"


def test_a_class_needs_its_preference_and_has_a_long_id(trading: Client, app: Client) -> None:
    assert app.refused("class", {"Name": "North"})[0] == "6000"
    made = trading.write("class", {"Name": "North"})
    assert (made["SubClass"], made["FullyQualifiedName"], len(made["Id"])) == (False, "North", 19)


def test_a_class_below_another_says_so(trading: Client) -> None:
    top = trading.write("class", {"Name": "North"})["Id"]
    made = trading.write("class", {"Name": "Yard", "SubClass": True, "ParentRef": {"value": top}})
    assert (made["FullyQualifiedName"], made["ParentRef"]) == ("North:Yard", {"value": top, "name": "North"})


def test_an_inactive_class_has_the_suffix_in_both_names(trading: Client) -> None:
    made = trading.write("class", {"Name": "North"})
    gone = trading.write("class", made | {"Active": False})
    assert (gone["Name"], gone["FullyQualifiedName"]) == ("North (deleted)", "North (deleted)")


def test_a_department_and_a_payment_method_can_be_made(trading: Client) -> None:
    assert trading.write("department", {"Name": "Leeds"})["SubDepartment"] is False
    assert trading.write("paymentmethod", {"Name": "PayPal"})["Type"] == "NON_CREDIT_CARD"
    assert trading.refused("paymentmethod", {"Name": "paypal"})[0] == "6240"


def test_a_new_account_is_answered_without_its_last_change(app: Client) -> None:
    """§3.6: recorded so."""
    made = app.write("account", {"Name": "Savings", "AccountType": "Bank"})
    assert (made["MetaData"].keys(), made["AccountSubType"], made["Classification"]) == (
        {"CreateTime"}, "CashOnHand", "Asset",
    )  # fmt: skip
    assert app.read(f"account/{made['Id']}")["MetaData"].keys() == {"CreateTime", "LastUpdatedTime"}


@pytest.mark.parametrize("sent", [{"Name": 'A"b', "AccountType": "Bank"}, {"Name": "A:b", "AccountType": "Bank"}])
def test_an_account_name_has_neither_quote_nor_colon(app: Client, sent: dict[str, str]) -> None:
    assert app.refused("account", sent)[0] == "2010"


def test_a_sub_type_places_an_account_and_an_unknown_one_does_not(app: Client) -> None:
    assert app.write("account", {"Name": "Till", "AccountSubType": "Checking"})["AccountType"] == "Bank"
    assert app.refused("account", {"Name": "Pot", "AccountSubType": "Teapot"})[0] == "2170"


def test_an_account_number_is_short_in_britain_2050(app: Client) -> None:
    assert app.refused("account", {"Name": "A", "AccountType": "Bank", "AcctNum": "12345678"})[0] == "2050"
