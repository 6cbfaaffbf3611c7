"""The pages where a person plays the bookkeeper."""

import pytest

from app.simulator.console.browsing import LISTS
from tests.simulator.client import NORTHGATE, Client, line

HERE = f"/companies/{NORTHGATE}"


@pytest.mark.parametrize(
    "address",
    ["/", f"{HERE}/", f"{HERE}/?search=harbour", f"{HERE}/invoices/1", f"{HERE}/customers/1/receive", "/requests",
     "/webhooks", "/faults", f"{HERE}/lists/Payment/2", *(f"{HERE}/lists/{kind}" for kind in LISTS)],
)  # fmt: skip
def test_every_page_opens_without_script(app: Client, address: str) -> None:
    app.invoice(DocNumber="INV-1")
    app.pay(20, ("Invoice", "1", 20))
    page = app.http.get(address)
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_invoices_are_found_by_number_and_by_customer(app: Client) -> None:
    app.invoice(DocNumber="INV-1")
    app.invoice(DocNumber="INV-2", CustomerRef={"value": "2"})
    page = app.http.get(f"{HERE}/?search=moorside").text
    assert "INV-2" in page
    assert "INV-1" not in page


def test_a_line_names_its_tax_code(app: Client) -> None:
    app.invoice()
    assert "<td>20.0% S</td>" in app.http.get(f"{HERE}/invoices/1").text


def test_a_payment_is_received_in_part(app: Client) -> None:
    app.invoice()
    assert app.http.post(f"{HERE}/invoices/1/receive", data={"amount": "1,00.00"}).status_code == 303
    assert app.read("invoice/1")["Balance"] == 20
    assert "partly paid" in app.http.get(f"{HERE}/invoices/1").text


def test_what_is_paid_asks_for_no_payment(app: Client) -> None:
    app.invoice()
    assert "Receive a payment" in app.http.get(f"{HERE}/invoices/1").text
    app.pay(120, ("Invoice", "1", 120))
    assert "Receive a payment" not in app.http.get(f"{HERE}/invoices/1").text


def test_one_payment_settles_several_invoices(app: Client) -> None:
    app.invoice()
    app.invoice()
    app.http.post(f"{HERE}/customers/1/receive", data={"invoice-1": "120", "invoice-2": "20", "total": ""})
    assert [app.read("invoice/1")["Balance"], app.read("invoice/2")["Balance"]] == [0, 100]
    assert app.query("select * from Payment")["Payment"][0]["TotalAmt"] == 140


def test_an_amount_is_edited_and_vat_follows(app: Client) -> None:
    app.invoice(line(Qty=2, UnitPrice=50))
    app.http.post(f"{HERE}/invoices/1/edit", data={"amount": "10"})
    assert app.read("invoice/1")["TotalAmt"] == 12


def test_a_refusal_is_shown_as_quickbooks_would_say_it(app: Client) -> None:
    app.invoice()
    page = app.http.post(f"{HERE}/invoices/1/receive", data={"amount": "1000"})
    assert page.status_code == 400
    assert "open balance" in page.text


def test_an_invoice_is_voided_and_deleted(app: Client) -> None:
    app.invoice()
    assert app.http.post(f"{HERE}/lists/Invoice/1/void").status_code == 303
    assert app.read("invoice/1")["TotalAmt"] == 0
    app.http.post(f"{HERE}/lists/Invoice/1/delete")
    assert app.get("invoice/1").status_code == 400


def test_a_fault_and_a_switch_are_set_by_hand(app: Client) -> None:
    app.http.post("/faults", data={"effect": "html_502", "kind": "customer", "count": "1"})
    app.http.post("/switches/tax_rounding", data={"value": "per_line"})
    assert app.get("customer/1").status_code == 502
    assert app.look("switches")["switches"]["tax_rounding"] == "per_line"


@pytest.mark.parametrize("address", ["/companies/1/", f"{HERE}/invoices/77", f"{HERE}/lists/Nothing"])
def test_what_is_not_there_is_404(app: Client, address: str) -> None:
    assert app.http.get(address).status_code == 404


def test_state_is_kept_restored_and_reset(app: Client) -> None:
    app.invoice()
    for act, left in (("snapshot", 1), ("reset", 0), ("restore", 1)):
        assert app.http.post(f"/state/{act}").status_code == 303
        assert app.look(f"companies/{NORTHGATE}/counts")["Invoice"]["live"] == left


def test_nothing_is_restored_where_nothing_was_kept(app: Client) -> None:
    assert "Nothing+was+kept" in app.http.post("/state/restore").location


def test_the_clock_is_moved_by_hours_and_put_right(app: Client) -> None:
    for hours, moved in (("24", 86_400), ("-1", 82_800), ("0", 0)):
        app.http.post("/clock", data={"hours": hours})
        assert app.look("clock")["offset_seconds"] == moved


def test_limits_are_turned_on_and_faults_cleared(app: Client) -> None:
    app.http.post("/limits", data={"on": "yes"})
    assert app.look("stats")["limits"] is True
    app.http.post("/faults", data={"effect": "html_502", "count": "0"})
    app.http.post("/faults/clear")
    assert app.look("faults")["faults"] == []
