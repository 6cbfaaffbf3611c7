"""`node-quickbooks`, as its registry has it, driven through a small script; only its base addresses are set."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.servers import Missing, absent
from tests.simulation import REALM, Simulation
from tests.simulator.clients import node_client
from tests.simulator.clients.node_client import NodeClient
from tests.simulator.clients.python_companies import TRADING

_numbers = count(1)
Body = dict[str, Any]


@pytest.fixture(scope="module")
def node(intuit: Simulation) -> Iterator[NodeClient]:
    """Give the client, connected to the company that keeps every kind of record."""
    try:
        with node_client.running(intuit, TRADING) as client:
            yield client
    except Missing as missing:
        absent(missing)


def name(of: str) -> str:
    return f"{of} of Node {next(_numbers)}"


def ref(value: str) -> Body:
    return {"value": value}


POUNDS = {"CurrencyRef": ref("GBP")}
SOLD = {"DetailType": "SalesItemLineDetail", "Amount": 100.5,
        "SalesItemLineDetail": {"ItemRef": ref("2"), "TaxCodeRef": ref("6")}}  # fmt: skip
BOUGHT = {"DetailType": "AccountBasedExpenseLineDetail", "Amount": 60,
          "AccountBasedExpenseLineDetail": {"AccountRef": ref("80"), "TaxCodeRef": ref("6")}}  # fmt: skip
FORM = {"CustomerRef": ref("1"), "Line": [SOLD]} | POUNDS
OWED = {"VendorRef": ref("50"), "Line": [BOUGHT]} | POUNDS
NOTE = {"PrivateNote": "changed"}
# What is made, and what a sparse update sends: a bill and a purchase name what must come with every one (§2.5).
LISTS: dict[str, tuple[Body, Body]] = {
    "Customer": ({"DisplayName": "Customer"}, {"Notes": "changed"}),
    "Vendor": ({"DisplayName": "Vendor"}, {"AcctNum": "changed"}),
    "Employee": ({"FamilyName": "Employee"}, {"GivenName": "changed"}),
    "Item": ({"Name": "Item", "Type": "Service", "IncomeAccountRef": ref("1")}, {"Description": "changed"}),
    "Account": ({"Name": "Account", "AccountType": "Bank"}, {"Description": "changed"}),
    "Class": ({"Name": "Class"}, {"Active": False}),
    "Department": ({"Name": "Department"}, {"Active": False}),
    "Term": ({"Name": "Term", "DueDays": 7}, {"DueDays": 9}),
    "PaymentMethod": ({"Name": "Method"}, {"Type": "CREDIT_CARD"}),
}
DOCUMENTS: dict[str, tuple[Body, Body]] = {
    "Invoice": (FORM, NOTE),
    "CreditMemo": (FORM, NOTE),
    "Payment": ({"CustomerRef": ref("1"), "TotalAmt": 25} | POUNDS, NOTE),
    "Bill": (OWED, NOTE | {"VendorRef": ref("50")}),
    "VendorCredit": (OWED, NOTE),
    "Purchase": ({"PaymentType": "CreditCard", "AccountRef": ref("41"), "Line": [BOUGHT]} | POUNDS,
                 NOTE | {"PaymentType": "CreditCard"}),
}  # fmt: skip
KINDS = LISTS | DOCUMENTS


def body_of(kind: str) -> Body:
    """A record to be made, whose name nobody has yet."""
    named = {key: name(kind) for key in ("DisplayName", "FamilyName", "Name") if key in KINDS[kind][0]}
    return KINDS[kind][0] | named


def made(node: NodeClient, kind: str, **more: object) -> Body:
    record: Body = node(f"create{kind}", body_of(kind) | more)
    return record


def plural(kind: str) -> str:
    return f"{kind}es" if kind.endswith("s") else f"{kind}s"


@pytest.mark.parametrize("kind", KINDS)
def test_what_it_creates_it_reads_back(node: NodeClient, kind: str) -> None:
    answered = made(node, kind)
    read = node(f"get{kind}", answered["Id"])
    assert answered | {"MetaData": None} == read | {"MetaData": None}


@pytest.mark.parametrize("kind", KINDS)
def test_a_sparse_update_changes_what_it_names(node: NodeClient, kind: str) -> None:
    record, change = made(node, kind), KINDS[kind][1]
    updated = node(f"update{kind}", {"Id": record["Id"], "SyncToken": record["SyncToken"]} | change)
    assert {key: updated[key].get("value") if isinstance(updated[key], dict) else updated[key] for key in change} == {
        key: value["value"] if isinstance(value, dict) else value for key, value in change.items()
    }
    assert updated["SyncToken"] == "1"


@pytest.mark.parametrize("kind", KINDS)
def test_what_it_finds_it_counts_and_fetches_page_by_page(node: NodeClient, kind: str) -> None:
    for _ in range(3):
        made(node, kind)
    found = f"find{plural(kind)}"
    whole = node(found, {"asc": "Id", "limit": 2, "fetchAll": True})["QueryResponse"][kind]
    assert len(whole) == node(found, {"count": True})["QueryResponse"]["totalCount"]
    some = sorted(record["Id"] for record in whole[:2])
    chosen = node(found, [{"field": "Id", "value": some, "operator": "IN"}])["QueryResponse"][kind]
    assert sorted(record["Id"] for record in chosen) == some


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_it_deletes_by_id_alone(node: NodeClient, kind: str) -> None:
    """It reads the record and sends all of it back, a purchase's extension too: only Id and SyncToken count."""
    record = made(node, kind)
    assert node(f"delete{kind}", record["Id"])[kind]["status"] == "Deleted"
    assert node.refused(f"get{kind}", record["Id"]) == (400, "610")


def test_an_invoice_is_voided_by_id(node: NodeClient) -> None:
    invoice = made(node, "Invoice")
    void = node("voidInvoice", invoice["Id"])["Invoice"]
    assert (void["TotalAmt"], void["PrivateNote"], void["SyncToken"]) == (0, "Voided", "1")


def test_a_payment_settles_an_invoice_and_is_voided(node: NodeClient) -> None:
    invoice = made(node, "Invoice")
    line = {"Amount": 25, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
    payment = made(node, "Payment", Line=[line])
    assert node("getInvoice", invoice["Id"])["Balance"] == invoice["TotalAmt"] - 25
    assert node("voidPayment", {"Id": payment["Id"], "SyncToken": payment["SyncToken"]})["TotalAmt"] == 0
    assert node("getInvoice", invoice["Id"])["Balance"] == invoice["TotalAmt"]


def test_a_bill_is_paid_and_the_payment_taken_back(node: NodeClient) -> None:
    bill = made(node, "Bill")
    line = {"Amount": bill["TotalAmt"], "LinkedTxn": [{"TxnId": bill["Id"], "TxnType": "Bill"}]}
    cheque = {"PayType": "Check", "CheckPayment": {"BankAccountRef": ref("35")}, "TotalAmt": bill["TotalAmt"]}
    paid = node("createBillPayment", {"VendorRef": ref("50"), "Line": [line]} | cheque | POUNDS)
    assert node("getBill", bill["Id"])["Balance"] == 0
    node("deleteBillPayment", paid["Id"])
    assert node("getBill", bill["Id"])["Balance"] == bill["TotalAmt"]


def test_a_quote_and_a_percent_sign_are_found(node: NodeClient) -> None:
    customer = made(node, "Customer", DisplayName=name("O'Hara & Sons + 100% #1"))
    wanted = [{"field": "DisplayName", "value": customer["DisplayName"]}]
    assert node("findCustomers", wanted)["QueryResponse"]["Customer"][0]["Id"] == customer["Id"]
    like = [{"field": "DisplayName", "value": "O'Hara%", "operator": "LIKE"}]
    assert node("findCustomers", like)["QueryResponse"]["maxResults"] == 1


def test_a_form_is_printed_and_sent(node: NodeClient) -> None:
    for kind in ("Invoice", "CreditMemo"):
        form = made(node, kind)
        printed = node(f"get{kind}Pdf", form["Id"])["bytes"]
        assert printed.startswith("%PDF-")
        assert node(f"send{kind}Pdf", form["Id"], "node@customer.example")["EmailStatus"] == "EmailSent"


def test_a_batch_creates_updates_asks_and_deletes(node: NodeClient) -> None:
    old, gone = made(node, "Term"), made(node, "Invoice")
    items = [
        {"bId": "1", "operation": "create", "Customer": body_of("Customer")},
        {"bId": "2", "operation": "update", "Term": old | {"DueDays": 5}},
        {"bId": "3", "Query": f"select * from Term where Id = '{old['Id']}'"},  # noqa: S608 - Intuit's language
        {"bId": "4", "operation": "delete", "Invoice": {"Id": gone["Id"], "SyncToken": "0"}},
        {"bId": "5", "operation": "delete", "Invoice": {"Id": "99999", "SyncToken": "0"}},
    ]
    answers = node("batch", items)["BatchItemResponse"]
    assert [answer["bId"] for answer in answers] == ["1", "2", "3", "4", "5"]
    assert answers[1]["Term"]["DueDays"] == 5
    assert answers[3]["Invoice"]["status"] == "Deleted"
    assert answers[4]["Fault"]["Error"][0]["code"] == "610"


def test_changes_are_captured(node: NodeClient) -> None:
    invoice, gone = made(node, "Invoice"), made(node, "CreditMemo")
    node("deleteCreditMemo", gone["Id"])
    since = invoice["MetaData"]["LastUpdatedTime"]
    blocks = node("changeDataCapture", ["Invoice", "CreditMemo"], since)["CDCResponse"][0]["QueryResponse"]
    assert invoice["Id"] in [one["Id"] for one in blocks[0]["Invoice"]]
    assert [one["status"] for one in blocks[1]["CreditMemo"] if one["Id"] == gone["Id"]] == ["Deleted"]


def test_the_company_and_its_preferences_are_read_and_changed(node: NodeClient) -> None:
    company = node("getCompanyInfo", TRADING)
    assert node("updateCompanyInfo", company | {"LegalName": "Known as"})["LegalName"] == "Known as"
    preferences = node("getPreferences")
    changed = preferences | {"SalesFormsPrefs": {"AllowShipping": True}}
    assert node("updatePreferences", changed)["SalesFormsPrefs"]["AllowShipping"] is True


def test_rates_and_currencies_are_read_and_set(node: NodeClient) -> None:
    asked = {"sourcecurrencycode": "EUR", "asofdate": "2026-10-05"}
    assert node("getExchangeRate", asked)["ExchangeRate"]["TargetCurrencyCode"] == "GBP"
    rate = {"SourceCurrencyCode": "EUR", "Rate": 0.91, "AsOfDate": "2026-10-05"}
    node("updateExchangeRate", rate)
    assert node("getExchangeRate", asked)["ExchangeRate"]["Rate"] == 0.91
    assert node("findCompanyCurrencies", {"count": True})["QueryResponse"]["totalCount"] >= 2


def test_taxes_are_read_and_made(node: NodeClient) -> None:
    code = node("getTaxCode", "6")
    rate = node("getTaxRate", code["SalesTaxRateList"]["TaxRateDetail"][0]["TaxRateRef"]["value"])
    agency = node("getTaxAgency", rate["AgencyRef"]["value"])
    detail = {"TaxRateName": name("Rate"), "RateValue": "12.5", "TaxAgencyId": agency["Id"]}
    service = node("createTaxService", {"TaxCode": name("Code"), "TaxRateDetails": [detail]})
    assert node("getTaxCode", service["TaxCodeId"])["Name"] == service["TaxCode"]


def test_one_request_id_makes_one_customer(node: NodeClient) -> None:
    body = body_of("Customer") | {"requestId": "node-1"}
    assert node("createCustomer", body)["Id"] == node("createCustomer", body)["Id"]


def test_refusals_reach_the_caller(node: NodeClient) -> None:
    customer = made(node, "Customer")
    node("updateCustomer", {"Id": customer["Id"], "SyncToken": "0", "Notes": "first"})
    stale = {"Id": customer["Id"], "SyncToken": "0", "Notes": "second"}
    assert node.refused("updateCustomer", stale) == (400, "5010")
    assert node.refused("createCustomer", {"DisplayName": customer["DisplayName"]}) == (400, "6240")
    assert node.refused("createInvoice", FORM | {"BadJson": 1}) == (400, "2010")
    assert node.refused("findCustomers", [{"field": "Nothing", "value": "x"}]) == (400, "4001")


def test_a_throttled_call_is_told_in_xml(node: NodeClient, intuit: Simulation) -> None:
    intuit.control("faults", {"effect": "throttle"})
    said = node.said("getCustomer", "1")
    assert said["status"] == 429
    assert "ThrottleExceeded" in said["fault"]


def test_tokens_are_refreshed_and_at_last_revoked(intuit: Simulation) -> None:
    try:
        with node_client.running(intuit, REALM) as client:
            refreshed = client("refreshAccessToken")
            assert client("getCustomer", "1")["DisplayName"] == "Harbour Cafe"
            assert client("revokeAccess", True) == {"status": 200}  # noqa: FBT003 - whether by the refresh token
    except Missing as missing:
        absent(missing)
    assert refreshed["token_type"] == "bearer"
