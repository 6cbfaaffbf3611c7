"""Facts about Intuit that are rarely met: those that are played, those that are a switch, those that are left out."""

import pytest

from tests.simulator.client import Body, Client, line

ASKED = {
    "client_id": "SIM-PRODUCTION-KEY", "redirect_uri": "https://127.0.0.1/back", "response_type": "code",
    "scope": "com.intuit.quickbooks.accounting", "state": "s",
}  # fmt: skip
NAMES = ("apple", "Zebra", "0969 Ocean", "banana")


def test_by_switch_the_person_is_no_administrator_and_cannot_consent(app: Client) -> None:
    app.control("switches", {"consenting_person": "other_user"})
    page = app.http.get("/connect/oauth2", query_string=ASKED)
    assert (page.status_code, "Only an administrator" in page.text) == (400, True)


def test_a_request_in_xml_is_refused_and_nothing_is_done(app: Client) -> None:
    raw = b"<Customer><DisplayName>New</DisplayName></Customer>"
    answer = app.http.post(f"{app.base}/customer", data=raw, headers=app.headers | {"Content-Type": "application/xml"})
    assert (answer.status_code, "Unsupported Operation" in answer.text) == (400, True)
    assert app.query("select * from Customer where DisplayName = 'New'") == {}


@pytest.mark.parametrize(("method", "path"), [("POST", "upload"), ("GET", "reports/ProfitAndLoss")])
def test_attachments_and_reports_are_addresses_that_are_not_there(app: Client, method: str, path: str) -> None:
    answer = app.http.open(f"{app.base}/{path}", method=method, headers=app.headers)
    assert (answer.status_code, "Unsupported Operation" in answer.text) == (400, True)


def test_the_balance_of_an_account_does_not_move(app: Client) -> None:
    before = app.read("account/4")
    app.invoice()
    app.pay(120, ("Invoice", "1", 120))
    assert app.read("account/4") == before


def test_stock_is_not_counted_down(app: Client) -> None:
    accounts = {
        "IncomeAccountRef": {"value": "1"},
        "ExpenseAccountRef": {"value": "80"},
        "AssetAccountRef": {"value": "81"},
    }
    stock = {
        "Name": "Router",
        "Type": "Inventory",
        "TrackQtyOnHand": True,
        "QtyOnHand": 5,
        "InvStartDate": "2026-01-01",
    }
    item = app.write("item", stock | accounts)
    app.invoice(line("10", ItemRef={"value": item["Id"]}, Qty=2, UnitPrice=5))
    assert app.read(f"item/{item['Id']}")["QtyOnHand"] == 5


def test_a_taxable_invoice_has_at_most_750_lines(american: Client) -> None:
    def sent(code: str, lines: int) -> Body:
        return {"CustomerRef": {"value": "3"}, "Line": [line("1", code)] * lines}

    assert american.refused("invoice", sent("TAX", 751))[0] == "6000"
    assert [american.post("invoice", sent(*one)).status_code for one in (("TAX", 750), ("NON", 751))] == [200, 200]


def test_names_come_in_the_order_of_their_bytes(app: Client) -> None:
    for name in NAMES:
        app.write("vendor", {"DisplayName": name})
    told = [one["DisplayName"] for one in app.query("select * from Vendor")["Vendor"]]
    assert [name for name in told if name in NAMES] == ["0969 Ocean", "Zebra", "apple", "banana"]


def test_named_fields_bring_all_properties_or_by_switch_only_those(app: Client) -> None:
    asked = "select DisplayName, PrimaryEmailAddr from Customer where Id = '1'"
    assert "Balance" in app.query(asked)["Customer"][0]
    app.control("switches", {"named_fields": "named"})
    assert set(app.query(asked)["Customer"][0]) == {"domain", "sparse", "Id", "DisplayName", "PrimaryEmailAddr"}


def test_by_switch_the_months_reads_come_to_an_end_in_production_alone(app: Client, sandbox: Client) -> None:
    app.control("switches", {"metered_reads": 2})
    assert [app.get("customer/1").status_code for _ in range(3)] == [200, 200, 429]
    assert [sandbox.get("customer/1").status_code for _ in range(3)] == [200] * 3
    assert app.post("customer", {"DisplayName": "Writes do not count"}).status_code == 200


def test_a_sandbox_sends_forty_mails_a_day(sandbox: Client) -> None:
    sandbox.invoice()
    sent = [sandbox.post("invoice/1/send?sendTo=a@b.example", {}).status_code for _ in range(41)]
    assert sent == [200] * 40 + [400]
    sandbox.control("clock", {"advance_seconds": 86_400})
    token = sandbox.control(f"companies/{sandbox.realm}/token")["access_token"]
    sandbox.token = token
    assert sandbox.post("invoice/1/send?sendTo=a@b.example", {}).status_code == 200


def test_by_switch_a_delivery_is_dropped_after_three_retries(app: Client) -> None:
    app.control("switches", {"webhook_retries": "three"})
    app.control(f"companies/{app.realm}/authorize", {"tokens": True})
    app.control("webhooks/endpoints/production", {"url": "http://127.0.0.1:9/nobody"})
    app.invoice()
    states = [app.control("webhooks/flush")["deliveries"][0]["state"] for _ in range(5)]
    assert states == ["pending"] * 3 + ["dropped"] * 2


def test_a_bill_abroad_is_owed_on_the_account_of_its_currency(trading: Client) -> None:
    detail = {"AccountRef": {"value": "60"}, "TaxCodeRef": {"value": "10"}}
    bought = {"DetailType": "AccountBasedExpenseLineDetail", "Amount": 5, "AccountBasedExpenseLineDetail": detail}
    party = {"VendorRef": {"value": "53"}, "CurrencyRef": {"value": "EUR"}, "ExchangeRate": "0.86"}
    assert trading.write("bill", party | {"Line": [bought]})["APAccountRef"]["value"] == "93"
