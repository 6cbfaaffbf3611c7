"""What properties may hold, whatever the kind (§3.0)."""

import pytest

from tests.simulator.client import Client, line


def test_an_empty_string_is_no_value_whatever_the_property(app: Client) -> None:
    """Date, word, number and flag; python-quickbooks sends them so, and its own tests pass against a live company."""
    made = app.invoice(DueDate="", PrintStatus="", ExchangeRate="", ApplyTaxAfterDiscount="")
    assert (made["DueDate"] > made["TxnDate"], made["PrintStatus"]) == (True, "NeedToPrint")


def test_an_empty_string_clears_what_was_there(app: Client) -> None:
    made = app.write("customer", {"DisplayName": "Cleared", "Notes": "n", "PreferredDeliveryMethod": "Email"})
    sent = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Notes": "", "PreferredDeliveryMethod": ""}
    assert "Notes" not in app.write("customer", sent)


def test_a_required_property_that_is_empty_is_missing_2020(app: Client) -> None:
    assert app.refused("term", {"Name": "", "DueDays": 7})[0] == "2020"


@pytest.mark.parametrize(("answer", "fault"), [("not_sent", None), ("counted", "6070")])
def test_nought_times_nought_beside_an_amount_is_not_sent_by_switch(
    app: Client, answer: str, fault: str | None
) -> None:
    app.control("switches", {"nought_times_nought": answer})
    sent = {"CustomerRef": {"value": "1"}, "Line": [line("100", UnitPrice=0, Qty=0)]}
    answered = app.post("invoice", sent)
    assert (fault or '"TotalAmt":120') in answered.text


def test_a_price_without_quantity_still_has_to_fit_6070(app: Client) -> None:
    sent = {"CustomerRef": {"value": "1"}, "Line": [line("100", UnitPrice=50, Qty=0)]}
    assert app.refused("invoice", sent)[0] == "6070"


def test_an_employee_keeps_pay_and_personal_data_but_shows_only_the_end_of_a_number(app: Client) -> None:
    sent = {"GivenName": "Ann", "FamilyName": "Hale", "SSN": "123-45-6789", "HiredDate": "2020-07-22", "BillRate": 30,
            "PrimaryAddr": {"Line1": "4 Mill Lane"}}  # fmt: skip
    made = app.write("employee", sent)
    assert (made["SSN"], made["HiredDate"], made["BillRate"]) == ("XXXXXXX6789", "2020-07-22", 30)


@pytest.mark.parametrize(("kind", "address"), [("customer", "BillAddr"), ("invoice", "BillAddr")])
def test_an_address_that_comes_back_keeps_its_id(app: Client, kind: str, address: str) -> None:
    record = app.invoice() if kind == "invoice" else app.read("customer/1")
    again = app.write(kind, record)
    assert again[address] == record[address]
    moved = app.write(kind, again | {address: {"Line1": "9 New Road"}})
    assert moved[address]["Id"] != record[address]["Id"]


def test_a_link_is_told_in_the_recorded_order_however_it_was_sent(app: Client) -> None:
    app.invoice()
    (line,) = app.pay(120, ("Invoice", "1", 120))["Line"]
    assert list(line["LinkedTxn"][0]) == ["TxnId", "TxnType"]
