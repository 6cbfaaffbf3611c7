"""Invoices (§3.9), their tax (§4), their numbers (§10.1), their end (§2.6)."""

from decimal import Decimal

import pytest

from tests.simulator.client import Client, line

NO_RATE = "Business Validation Error: Make sure all your transactions have a VAT rate before you save."


def test_an_invoice_gets_ids_subtotal_vat_and_total(app: Client) -> None:
    made = app.invoice(line("250.00", "6", Qty=2, UnitPrice=125), line("40.00", "4"), TxnDate="2026-09-30")
    assert [entry.get("Id") for entry in made["Line"]] == ["1", "2", None]
    assert made["Line"][2] == {"Amount": 290, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
    assert [tax["Amount"] for tax in made["TxnTaxDetail"]["TaxLine"]] == [50, 0]
    assert (made["TotalAmt"], made["Balance"], made["DueDate"]) == (340, 340, "2026-10-30")


def test_vat_is_rounded_once_for_each_rate(app: Client) -> None:
    """§4.2: 3 x 0.13 net at 20 % is 0.078, not 3 x 0.03."""
    assert app.invoice(*[line("0.13")] * 3)["TxnTaxDetail"]["TotalTax"] == Decimal("0.08")


def test_vat_is_rounded_on_each_line_by_switch(app: Client) -> None:
    app.control("switches", {"tax_rounding": "per_line"})
    assert app.invoice(*[line("0.13")] * 3)["TxnTaxDetail"]["TotalTax"] == Decimal("0.09")


def test_half_a_penny_of_vat_goes_up(app: Client) -> None:
    assert app.invoice(line("10.10", "5"))["TxnTaxDetail"]["TotalTax"] == Decimal("0.51")


def test_reverse_charge_has_two_tax_lines_that_cancel(app: Client) -> None:
    tax = app.invoice(line("100", "12"))["TxnTaxDetail"]
    assert [entry["Amount"] for entry in tax["TaxLine"]] == [20, -20]
    assert tax["TotalTax"] == 0


def test_no_vat_has_no_tax_line(app: Client) -> None:
    assert app.invoice(line("100", "10"))["TxnTaxDetail"] == {"TotalTax": 0}


@pytest.mark.parametrize("code", [None, "20.0% S"])
def test_a_line_without_a_valid_vat_code_is_refused_6000(app: Client, code: str | None) -> None:
    sent = {"CustomerRef": {"value": "1"}, "Line": [line("100", code)]}
    assert app.refused("invoice", sent) == ("6000", NO_RATE)


def test_a_total_tax_alone_is_ignored(app: Client) -> None:
    assert app.invoice(line("100"), TxnTaxDetail={"TotalTax": 19})["TotalAmt"] == 120


def test_a_tax_line_overrides_and_tells_the_difference(app: Client) -> None:
    detail = {"TaxRateRef": {"value": "3"}, "PercentBased": False, "NetAmountTaxable": 100}
    wanted = {"TaxLine": [{"Amount": 19.99, "DetailType": "TaxLineDetail", "TaxLineDetail": detail}]}
    made = app.invoice(line("100"), TxnTaxDetail=wanted)
    assert made["TotalAmt"] == Decimal("119.99")
    assert made["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]["OverrideDeltaAmount"] == Decimal("-0.01")


def test_the_arithmetic_is_half_up_at_full_precision_6070(app: Client) -> None:
    sent = {"CustomerRef": {"value": "1"}, "Line": [line("1861.07", Qty="14.5", UnitPrice="128.35")]}
    detail = "Amount is not equal to UnitPrice * Qty. Supplied value:1,861.07"
    assert app.refused("invoice", sent) == ("6070", detail)
    assert app.invoice(line("1861.08", Qty="14.5", UnitPrice="128.35"))["Id"] == "1"


def test_an_amount_left_out_follows_from_price_and_quantity(app: Client) -> None:
    assert app.invoice(line(None, Qty=3, UnitPrice="33.333333"))["Line"][0]["Amount"] == 100


def test_missing_lines_and_customer_are_both_told_2020(app: Client) -> None:
    answer = app.post("invoice", {"TxnDate": "2026-09-30"})
    assert answer.json is not None
    assert [error["element"] for error in answer.json["Fault"]["Error"]] == ["CustomerRef", "Line"]


def test_an_item_that_is_not_there_is_refused_2500(app: Client) -> None:
    sent = {"CustomerRef": {"value": "1"}, "Line": [line(ItemRef={"value": "77"})]}
    assert app.refused("invoice", sent) == ("2500", "Invalid Reference Id : Items element id 77 not found")


def test_an_inactive_item_is_refused_2500(app: Client) -> None:
    app.write("item", {"Id": "2", "SyncToken": "0", "sparse": True, "Active": False})
    code, detail = app.refused("invoice", {"CustomerRef": {"value": "1"}, "Line": [line()]})
    assert code == "2500"
    assert "made inactive" in detail


def test_a_number_used_twice_is_refused_6140(app: Client) -> None:
    app.invoice(DocNumber="INV-7")
    sent = {"CustomerRef": {"value": "1"}, "Line": [line()], "DocNumber": "INV-7"}
    detail = (
        "Duplicate Document Number Error : You must specify a different number. This number has already been used. "
        "DocNumber=INV-7 is assigned to TxnType=Invoice with TxnId=1"
    )
    assert app.refused("invoice", sent) == ("6140", detail)


def test_quickbooks_numbers_when_custom_numbers_are_off(app: Client) -> None:
    app.control(f"companies/{app.realm}/preferences", {"SalesFormsPrefs": {"CustomTxnNumbers": False}})
    assert [app.invoice()["DocNumber"], app.invoice()["DocNumber"]] == ["1001", "1002"]


def test_a_closed_period_is_refused_6210(app: Client) -> None:
    app.control(f"companies/{app.realm}/preferences", {"AccountingInfoPrefs": {"BookCloseDate": "2026-03-31"}})
    sent = {"CustomerRef": {"value": "1"}, "Line": [line()], "TxnDate": "2026-03-31"}
    code, detail = app.refused("invoice", sent)
    assert code == "6210"
    assert "through through" in detail
    assert app.invoice(TxnDate="2026-04-01")["Id"] == "1"


def test_a_void_keeps_the_number_and_loses_the_money(app: Client) -> None:
    app.invoice(line(Qty=1, UnitPrice=100), DocNumber="INV-7", PrivateNote="ours")
    void = app.write("invoice?operation=void", {"Id": "1", "SyncToken": "0"})
    assert (void["DocNumber"], void["TotalAmt"], void["Balance"], void["SyncToken"]) == ("INV-7", 0, 0, "1")
    assert void["PrivateNote"] == "Voided\nours"
    assert "UnitPrice" not in void["Line"][0]["SalesItemLineDetail"]


def test_a_deleted_invoice_is_gone_610(app: Client) -> None:
    app.invoice()
    gone = app.write("invoice?operation=delete", {"Id": "1", "SyncToken": "0"})
    assert gone == {"domain": "QBO", "status": "Deleted", "Id": "1"}
    answer = app.get("invoice/1")
    assert answer.status_code == 400
    assert "Another user has deleted this transaction." in answer.text


def test_a_sparse_update_keeps_known_lines_and_numbers_new_ones(app: Client) -> None:
    first = app.invoice(line("10"), line("20"))["Line"][1]
    changed = app.write("invoice", {"Id": "1", "SyncToken": "0", "sparse": True, "Line": [first, line("5")]})
    assert [(entry.get("Id"), entry["Amount"]) for entry in changed["Line"]] == [("2", 20), ("3", 5), (None, 25)]


def test_an_invoice_read_back_can_be_sent_again(app: Client) -> None:
    made = app.invoice(DocNumber="INV-7")
    assert app.write("invoice", made | {"PrivateNote": "seen"})["TotalAmt"] == made["TotalAmt"]


def test_a_transaction_always_moves_its_sync_token(app: Client) -> None:
    app.invoice()
    assert app.write("invoice", {"Id": "1", "SyncToken": "0", "sparse": True})["SyncToken"] == "1"


def test_another_currency_than_the_customers_is_refused_6000(app: Client) -> None:
    sent = {"CustomerRef": {"value": "1"}, "Line": [line()], "CurrencyRef": {"value": "EUR"}}
    assert "one foreign currency" in app.refused("invoice", sent)[1]


def test_a_total_below_nothing_is_refused(app: Client) -> None:
    assert app.refused("invoice", {"CustomerRef": {"value": "1"}, "Line": [line("-5")]})[0] == "6000"


def test_terms_make_the_due_date(app: Client) -> None:
    assert app.invoice(TxnDate="2026-01-31", SalesTermRef={"value": "2"})["DueDate"] == "2026-02-15"


def test_a_line_that_only_says_something_needs_no_amount(app: Client) -> None:
    comment = {"DetailType": "DescriptionOnly", "Description": "As agreed", "DescriptionLineDetail": {}}
    assert app.invoice(line("100.00"), comment)["TotalAmt"] == 120
