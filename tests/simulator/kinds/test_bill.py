"""Bills and vendor credits (§3.12, §3.14), bill payments (§3.15)."""

from decimal import Decimal

import pytest

from tests.simulator.client import Body, Client

NO_RATE = "Business Validation Error: All items need a tax rate. Please add one where it's missing."


def bought(amount: object = "100.00", code: str | None = "6", **detail: object) -> Body:
    """A line on an account."""
    tax = {"TaxCodeRef": {"value": code}} if code else {}
    shown = {"AccountRef": {"value": "60"}} | tax | detail
    return {"DetailType": "AccountBasedExpenseLineDetail", "Amount": amount, "AccountBasedExpenseLineDetail": shown}


def bill(app: Client, *lines: Body, **fields: object) -> Body:
    return app.write("bill", {"VendorRef": {"value": "50"}, "Line": list(lines) or [bought()]} | fields)


def paid(total: object, *shares: tuple[str, str, object], **fields: object) -> Body:
    lines = [{"Amount": amount, "LinkedTxn": [{"TxnType": kind, "TxnId": one}]} for kind, one, amount in shares]
    cheque = {"CheckPayment": {"BankAccountRef": {"value": "35"}}}
    return {"VendorRef": {"value": "50"}, "PayType": "Check", "TotalAmt": total, "Line": lines} | cheque | fields


def test_a_bill_has_the_vat_of_purchases_and_is_due_on_its_date(app: Client) -> None:
    made = bill(app, bought("400.00"), TxnDate="2026-09-30")
    assert (made["TotalAmt"], made["Balance"], made["DueDate"]) == (480, 480, "2026-09-30")
    assert made["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]["TaxRateRef"] == {"value": "4"}
    assert made["Line"][0]["LineNum"] == 1
    assert made["APAccountRef"]["value"] == "33"


def test_a_bill_raises_what_the_vendor_is_owed(app: Client) -> None:
    bill(app)
    assert app.read("vendor/50")["Balance"] == 120


def test_a_bill_line_without_tax_code_is_refused_6000(app: Client) -> None:
    sent = {"VendorRef": {"value": "50"}, "Line": [bought(code=None)]}
    assert app.refused("bill", sent) == ("6000", NO_RATE)


def test_a_bill_without_number_gets_none(app: Client) -> None:
    app.control(f"companies/{app.realm}/preferences", {"SalesFormsPrefs": {"CustomTxnNumbers": False}})
    assert "DocNumber" not in bill(app)


def test_a_sparse_change_of_a_bill_must_name_its_vendor_2020(app: Client) -> None:
    bill(app)
    change = {"Id": "1", "SyncToken": "0", "sparse": True, "PrivateNote": "seen"}
    assert app.refused("bill", change)[1] == "Required parameter VendorRef is missing in the request"
    assert app.write("bill", change | {"VendorRef": {"value": "50"}})["PrivateNote"] == "seen"


@pytest.mark.parametrize(("scope", "vendor", "code"), [("per_vendor", "50", "6140"), ("company", "51", "6140")])
def test_a_bill_number_used_twice_is_refused_6140(app: Client, scope: str, vendor: str, code: str) -> None:
    app.control("switches", {"duplicate_bill_number": scope})
    bill(app, DocNumber="S-1")
    sent = {"VendorRef": {"value": vendor}, "Line": [bought()], "DocNumber": "S-1"}
    refusal = app.refused("bill", sent)
    assert refusal[0] == code
    assert "DocNumber=S-1 is assigned to TxnType=Bill with TxnId=1" in refusal[1]
    assert app.write("bill?include=allowduplicatedocnum", sent)["Id"] == "2"


def test_another_vendor_may_use_the_same_bill_number(app: Client) -> None:
    bill(app, DocNumber="S-1")
    assert bill(app, DocNumber="S-1", VendorRef={"value": "51"})["Id"] == "2"


def test_a_line_is_of_an_account_or_of_an_item(app: Client) -> None:
    both = bought() | {"ItemBasedExpenseLineDetail": {"ItemRef": {"value": "4"}}}
    assert app.refused("bill", {"VendorRef": {"value": "50"}, "Line": [both]})[0] == "6000"


def test_the_arithmetic_of_item_lines_is_checked_6070(app: Client) -> None:
    detail = {"ItemRef": {"value": "4"}, "Qty": 3, "UnitPrice": "33.33", "TaxCodeRef": {"value": "6"}}
    line = {"DetailType": "ItemBasedExpenseLineDetail", "Amount": 100, "ItemBasedExpenseLineDetail": detail}
    assert app.refused("bill", {"VendorRef": {"value": "50"}, "Line": [line]})[0] == "6070"


def test_a_bill_in_the_united_states_has_no_tax(american: Client) -> None:
    made = american.write(
        "bill", {"VendorRef": {"value": "50"}, "Line": [bought(code=None, AccountRef={"value": "80"})]}
    )
    assert (made["TotalAmt"], "TxnTaxDetail" in made) == (100, False)
    assert made["Line"][0]["AccountBasedExpenseLineDetail"]["TaxCodeRef"] == {"value": "NON"}
    assert made["Line"][0]["AccountBasedExpenseLineDetail"]["BillableStatus"] == "NotBillable"


def test_a_bill_payment_settles_a_bill(app: Client) -> None:
    bill(app)
    made = app.write("billpayment", paid(50, ("Bill", "1", 50)))
    seen = app.read("bill/1")
    assert (seen["Balance"], seen["LinkedTxn"]) == (70, [{"TxnId": made["Id"], "TxnType": "BillPaymentCheck"}])
    assert app.read("vendor/50")["Balance"] == 70


def test_a_vendor_credit_is_used_by_a_bill_payment_of_the_difference(app: Client) -> None:
    bill(app)
    credit = app.write("vendorcredit", {"VendorRef": {"value": "50"}, "Line": [bought("50")]})
    app.write("billpayment", paid(60, ("Bill", "1", 120), ("VendorCredit", credit["Id"], 60)))
    assert [app.read("bill/1")["Balance"], app.read(f"vendorcredit/{credit['Id']}")["Balance"]] == [0, 0]


def test_nobody_pays_more_than_a_bill_has_open(app: Client) -> None:
    bill(app)
    assert app.refused("billpayment", paid(200, ("Bill", "1", 200)))[0] == "6000"


@pytest.mark.parametrize(("lines", "name"), [([], "Line"), ([{"Amount": 5}], "LinkedTxn")])
def test_a_bill_payment_needs_lines_with_links_2020(app: Client, lines: list[Body], name: str) -> None:
    sent = paid(5) | {"Line": lines}
    assert app.refused("billpayment", sent) == ("2020", f"Required parameter {name} is missing in the request")


def test_a_link_to_a_purchase_is_dropped_without_a_word(app: Client) -> None:
    bill(app)
    made = app.write("billpayment", paid(50, ("Bill", "1", 50), ("Purchase", "9", 5)))
    assert len(made["Line"]) == 1


def test_a_payment_of_nothing_needs_no_bank(app: Client) -> None:
    bill(app)
    credit = app.write("vendorcredit", {"VendorRef": {"value": "50"}, "Line": [bought()]})
    shares = (("Bill", "1", 120), ("VendorCredit", credit["Id"], 120))
    assert app.write("billpayment", paid(0, *shares, CheckPayment={"PrintStatus": "NotSet"}))["TotalAmt"] == 0


def test_a_void_bill_payment_gives_the_balance_back(app: Client) -> None:
    bill(app)
    made = app.write("billpayment", paid(120, ("Bill", "1", 120)))
    sent = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    void = app.write("billpayment?operation=update&include=void", sent)
    assert (void["TotalAmt"], void["Line"], app.read("bill/1")["Balance"]) == (0, [], 120)


def test_a_paid_bill_is_not_deleted(app: Client) -> None:
    bill(app)
    app.write("billpayment", paid(120, ("Bill", "1", 120)))
    assert app.refused("bill?operation=delete", {"Id": "1", "SyncToken": "1"})[0] == "6000"


def test_a_foreign_bill_needs_its_exchange_rate_2410(trading: Client) -> None:
    sent = {"VendorRef": {"value": "53"}, "Line": [bought()], "CurrencyRef": {"value": "EUR"}}
    assert trading.refused("bill", sent)[0] == "2410"
    assert trading.write("bill", sent | {"ExchangeRate": "0.87"})["HomeBalance"] == Decimal("104.40")
