"""Sending (§3.9)."""

from tests.simulator.client import Client


def test_a_sent_invoice_says_so_and_moves_on(app: Client) -> None:
    app.invoice()
    sent = app.write("invoice/1/send?sendTo=pat@harbour.example", {})
    assert (sent["EmailStatus"], sent["BillEmail"]) == ("EmailSent", {"Address": "pat@harbour.example"})
    assert (sent["DeliveryInfo"]["DeliveryType"], sent["SyncToken"]) == ("Email", "1")


def test_without_an_address_the_customers_is_used(app: Client) -> None:
    app.invoice()
    assert app.write("invoice/1/send", {})["BillEmail"] == {"Address": "accounts@harbourcafe.example"}


def test_nowhere_to_send_is_refused(app: Client) -> None:
    app.write("payment", {"CustomerRef": {"value": "1"}, "TotalAmt": 5})
    assert app.refused("payment/1/send", {})[0] == "2020"


def test_a_bill_is_never_sent(app: Client) -> None:
    assert app.refused("bill/1/send", {})[0] == "500"
