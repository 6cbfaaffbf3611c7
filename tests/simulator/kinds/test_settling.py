"""What becomes of bill payments when what they are tied to goes: both sides stay true (§3.15)."""

from tests.simulator.client import Body, Client, payment

DETAIL = {"AccountRef": {"value": "60"}, "TaxCodeRef": {"value": "10"}}
CHEQUE = {"VendorRef": {"value": "50"}, "PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": "35"}}}


def bought(amount: int) -> Body:
    line = {"DetailType": "AccountBasedExpenseLineDetail", "Amount": amount, "AccountBasedExpenseLineDetail": DETAIL}
    return {"VendorRef": {"value": "50"}, "Line": [line]}


def test_a_vendor_credit_that_is_deleted_opens_the_bill_it_had_paid(app: Client) -> None:
    app.control("switches", {"delete_with_payment": "unapply"})
    app.write("bill", bought(50))
    app.write("vendorcredit", bought(20))
    tied = payment(30, ("Bill", "1", 50), ("VendorCredit", "2", 20))["Line"]
    paid = app.write("billpayment", {"TotalAmt": 30, "Line": tied} | CHEQUE)
    app.write("vendorcredit?operation=delete", {"Id": "2", "SyncToken": "1"})
    assert [line["Amount"] for line in app.read(f"billpayment/{paid['Id']}")["Line"]] == [30]
    assert (app.read("bill/1")["Balance"], app.read("vendor/50")["Balance"]) == (20, 20)


def test_a_share_of_nothing_ties_nothing(app: Client) -> None:
    app.write("bill", bought(50))
    paid = app.write("billpayment", {"TotalAmt": 5, "Line": payment(5, ("Bill", "1", 0))["Line"]} | CHEQUE)
    assert (paid["Line"], app.read("bill/1")["LinkedTxn"]) == ([], [])
