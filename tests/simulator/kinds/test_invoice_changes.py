"""What a change of an invoice keeps, loses and sets back (§2.5), and what one may hold (§3.0, §3.9)."""

from decimal import Decimal

import pytest

from tests.simulator.client import Body, Client, line


def change(app: Client, **fields: object) -> Body:
    """A full update of invoice 1."""
    return app.write("invoice", {"Id": "1", "SyncToken": "0", "CustomerRef": {"value": "1"}, "Line": [line()]} | fields)


def test_a_full_update_loses_what_it_leaves_out(app: Client) -> None:
    app.invoice(PrivateNote="ours", SalesTermRef={"value": "2"}, DocNumber="INV-7")
    changed = change(app)
    assert not {"PrivateNote", "SalesTermRef", "DocNumber"} & changed.keys()


def test_a_full_update_sets_statuses_back(app: Client) -> None:
    app.invoice(PrintStatus="PrintComplete", EmailStatus="EmailSent", ApplyTaxAfterDiscount=True)
    changed = change(app)
    assert (changed["PrintStatus"], changed["EmailStatus"], changed["ApplyTaxAfterDiscount"]) == (
        "NeedToPrint", "NotSet", False,
    )  # fmt: skip


def test_the_answer_is_never_called_sparse(app: Client) -> None:
    app.invoice()
    assert app.write("invoice", {"Id": "1", "SyncToken": "0", "sparse": True})["sparse"] is False


def test_a_line_with_an_unknown_id_is_a_new_line(app: Client) -> None:
    app.invoice(line("10"))
    changed = change(app, Line=[line("10") | {"Id": "99"}])
    assert [one.get("Id") for one in changed["Line"]] == ["2", None]


def test_a_stale_tax_line_that_is_echoed_counts(app: Client) -> None:
    """§4.1: who changes lines must drop the old TxnTaxDetail."""
    made = app.invoice(line("100"))
    changed = change(app, Line=[line("200")], TxnTaxDetail=made["TxnTaxDetail"])
    assert changed["TotalAmt"] == 220


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"DocNumber": "x" * 22}, "2050"), ({"PrivateNote": "x" * 4001}, "2050"),
        ({"CustomerMemo": {"value": "x" * 1001}}, "2050"), ({"PrintStatus": "Printed"}, "2170"),
        ({"GlobalTaxCalculation": "TaxIncluded"}, "2170"), ({"TxnDate": "31/01/2026"}, "2010"),
        ({"EmailStatus": "NeedToSend", "BillEmail": {}}, "2020"), ({"BillEmail": {"Address": "nobody"}}, "6000"),
        ({"Deposit": 5}, "6000"), ({"ClassRef": {"value": "77"}}, "2500"),
    ],
)  # fmt: skip
def test_what_an_invoice_may_not_hold_is_refused(app: Client, sent: Body, code: str) -> None:
    """Pence and Sons has no e-mail address of its own to fill in."""
    customer = app.write("customer", {"DisplayName": "Pence and Sons"})["Id"]
    whole = {"CustomerRef": {"value": customer}, "Line": [line()]}
    assert app.refused("invoice", whole | sent)[0] == code


def test_read_only_properties_are_silently_overwritten(app: Client) -> None:
    made = app.invoice(Balance=1, TotalAmt=1, LinkedTxn=[{"TxnId": "9", "TxnType": "Payment"}])
    assert (made["Balance"], made["LinkedTxn"]) == (120, [])


def test_a_discount_is_positive_and_taken_off_after_the_subtotal(app: Client) -> None:
    less = {"DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": True, "DiscountPercent": 10}}
    made = app.invoice(line("100"), less)
    assert [one["DetailType"] for one in made["Line"]][1:] == ["SubTotalLineDetail", "DiscountLineDetail"]
    assert (made["Line"][2]["Amount"], made["TotalAmt"]) == (10, 108)


def test_two_discounts_or_a_forbidden_one_are_refused(app: Client) -> None:
    less = {"DetailType": "DiscountLineDetail", "Amount": 5, "DiscountLineDetail": {}}
    whole = {"CustomerRef": {"value": "1"}, "Line": [line(), less]}
    assert app.refused("invoice", whole | {"Line": [line(), less, less]})[0] == "6000"
    app.control(f"companies/{app.realm}/preferences", {"SalesFormsPrefs": {"AllowDiscount": False}})
    assert app.refused("invoice", whole)[0] == "6000"


def test_the_link_for_the_customer_is_told_on_request(app: Client) -> None:
    app.invoice()
    assert "InvoiceLink" not in app.read("invoice/1")
    assert '"InvoiceLink":"https://' in app.get("invoice/1", include="invoiceLink").text


def test_a_number_sent_while_quickbooks_numbers_does_not_move_its_counter(app: Client) -> None:
    app.control(f"companies/{app.realm}/preferences", {"SalesFormsPrefs": {"CustomTxnNumbers": False}})
    numbers = [app.invoice(**sent)["DocNumber"] for sent in ({}, {"DocNumber": "5000"}, {})]
    assert numbers == ["1001", "5000", "1002"]


def test_amounts_keep_two_decimals_on_the_wire_and_prices_none(app: Client) -> None:
    app.invoice(line("75", Qty="1", UnitPrice="75.00"))
    text = app.get("invoice/1").text
    assert '"TotalAmt":90.00' in text
    assert '"UnitPrice":75,' in text
    assert '"TotalTax":15.00' in text


def test_times_are_told_in_pacific_time(app: Client) -> None:
    app.control("clock", {"now": "2026-01-15T12:00:00Z"})
    made = app.invoice()
    assert made["MetaData"]["CreateTime"] == "2026-01-15T04:00:00-08:00"
    assert made["TxnDate"] == "2026-01-15"
    assert made["TotalAmt"] == Decimal(120)
