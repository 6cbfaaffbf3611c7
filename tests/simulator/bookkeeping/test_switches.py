"""Every row of §11 is a switch, and its other answer is played too."""

from decimal import Decimal

import pytest

from app.simulator.bookkeeping.switches import SWITCHES
from tests.simulator.client import Client, decoded, line, payment

ROWS = {
    "old refresh token after rotation": ("old_refresh_grace_seconds", 0),
    "rotation interval": ("refresh_rotation_seconds", 86400),
    "concurrent refresh": ("reused_refresh_revokes", False),
    "tax rounding": ("tax_rounding", "per_rate"),
    "TotalTax alone supplied": ("total_tax_alone", "ignored"),
    "TaxLine override": ("tax_line_override", "honoured"),
    "TaxInclusive + gross in Amount": ("tax_inclusive_amounts", "added_on_top"),
    "GlobalTaxCalculation sent in US": ("us_tax_calculation", "ignored"),
    "void event verb": ("void_verb", "void"),
    "webhook format": ("webhook_format", "cloudevents"),
    "429 body": ("throttle_body", "xml"),
    "429 Retry-After": ("retry_after_seconds", 0),
    "401 body": ("unauthorized_body", "lower_json"),
    "inactive name blocks reuse": ("inactive_name_blocks", False),
    "customer with balance deactivated": ("deactivate_with_balance", "fault"),
    "delete invoice/bill with linked payment": ("delete_with_payment", "fault"),
    "void invoice with payments": ("void_with_payment", "fault"),
    "vendor/customer CurrencyRef on create": ("party_currency", "honoured"),
    "requestid replay window": ("request_id_hours", 0),
    "requestid replays failures": ("request_id_replays_failures", False),
    "duplicate sales DocNumber": ("duplicate_number", "fault"),
    "CDC older than 30 days": ("old_change_data", "fault"),
}


def turn(app: Client, **values: object) -> None:
    app.control("switches", values)


@pytest.mark.parametrize("row", ROWS)
def test_every_row_of_section_11_is_a_switch_with_its_default(row: str) -> None:
    name, default = ROWS[row]
    (switch,) = (one for one in SWITCHES if one.name == name)
    assert switch.default == default
    assert switch.source.startswith("§")


def test_every_switch_can_be_seen_and_turned_in_the_console(app: Client) -> None:
    page = app.http.get("/faults").text
    for switch in SWITCHES:
        assert f"<small>{switch.name}</small></td><td>{switch.default}</td><td>{switch.source}</td>" in page
        value = (*switch.others, 3)[0]
        assert app.http.post(f"/switches/{switch.name}", data={"value": str(value)}).status_code == 303
        assert app.look("switches")["switches"][switch.name] == value


def test_a_total_tax_alone_can_count(app: Client) -> None:
    turn(app, total_tax_alone="honoured")
    assert app.invoice(line("100"), TxnTaxDetail={"TotalTax": 19})["TotalAmt"] == 119


def test_a_tax_line_can_be_ignored(app: Client) -> None:
    turn(app, tax_line_override="ignored")
    detail = {"TaxRateRef": {"value": "3"}, "PercentBased": False, "NetAmountTaxable": 100}
    wanted = {"TaxLine": [{"Amount": 5, "DetailType": "TaxLineDetail", "TaxLineDetail": detail}]}
    assert app.invoice(line("100"), TxnTaxDetail=wanted)["TotalAmt"] == 120


@pytest.mark.parametrize(("answer", "total"), [("added_on_top", 144), ("split_out", 120)])
def test_gross_in_amount_has_its_tax_added_or_split_out(app: Client, answer: str, total: int) -> None:
    turn(app, tax_inclusive_amounts=answer)
    assert app.invoice(line("120"), GlobalTaxCalculation="TaxInclusive")["TotalAmt"] == total


def test_a_401_can_be_xml(app: Client) -> None:
    turn(app, unauthorized_body="xml")
    app.token = "A" * 30
    answer = app.get("customer/1")
    assert (answer.status_code, answer.content_type) == (401, "application/xml")


def test_a_customer_who_owes_can_be_allowed_to_leave(app: Client) -> None:
    turn(app, deactivate_with_balance="allowed")
    app.invoice()
    assert app.write("customer", {"Id": "1", "SyncToken": "0", "sparse": True, "Active": False})["Active"] is False


def test_a_paid_invoice_can_be_voided_and_its_money_is_free(app: Client) -> None:
    turn(app, void_with_payment="unapply")
    app.invoice()
    paid = app.pay(120, ("Invoice", "1", 120))
    app.write("invoice?operation=void", {"Id": "1", "SyncToken": "1"})
    assert app.read(f"payment/{paid['Id']}")["UnappliedAmt"] == 120


def test_a_request_id_can_be_forgotten_after_hours(app: Client) -> None:
    turn(app, request_id_hours=2)
    sent = {"CustomerRef": {"value": "1"}, "Line": [line()]}
    app.write("invoice?requestid=r1", sent)
    app.control("clock", {"advance_seconds": 3 * 3600})
    assert app.write("invoice?requestid=r1", sent)["Id"] == "2"


def test_a_refused_call_can_be_remembered_too(app: Client) -> None:
    turn(app, request_id_replays_failures=True)
    app.refused("invoice?requestid=r1", {"Line": []})
    assert app.refused("invoice?requestid=r1", {"CustomerRef": {"value": "1"}, "Line": [line()]})[0] == "2020"


def test_a_number_used_twice_can_be_accepted(app: Client) -> None:
    turn(app, duplicate_number="accept")
    assert [app.invoice(DocNumber="A")["Id"], app.invoice(DocNumber="A")["Id"]] == ["1", "2"]


def test_more_than_a_thousand_rows_can_be_cut_instead_of_refused(app: Client) -> None:
    assert app.get("query", query="select * from Term maxresults 1001").status_code == 400
    turn(app, too_many_rows="capped")
    assert app.query("select * from Term maxresults 1001")["maxResults"] == 4


def test_a_bill_that_is_paid_can_be_deleted_and_its_payment_loses_the_line(app: Client) -> None:
    turn(app, delete_with_payment="unapply")
    detail = {"AccountRef": {"value": "60"}, "TaxCodeRef": {"value": "10"}}
    bought = {"DetailType": "AccountBasedExpenseLineDetail", "Amount": 5, "AccountBasedExpenseLineDetail": detail}
    app.write("bill", {"VendorRef": {"value": "50"}, "Line": [bought]})
    tie = payment(5, ("Bill", "1", 5))["Line"]
    cheque = {"PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": "35"}}}
    paid = app.write("billpayment", {"VendorRef": {"value": "50"}, "TotalAmt": 5, "Line": tie} | cheque)
    app.write("bill?operation=delete", {"Id": "1", "SyncToken": "1"})
    assert app.read(f"billpayment/{paid['Id']}")["Line"] == []
    assert app.read("vendor/50")["Balance"] == Decimal(0)


def test_a_wrong_answer_to_a_switch_is_refused(app: Client) -> None:
    answer = app.http.post("/_simulator/switches", json={"void_verb": "erased"})
    assert (answer.status_code, "no such switch or value" in str(decoded(answer))) == (400, True)
