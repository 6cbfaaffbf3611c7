"""What QuickBooks pays by itself (§3.10, §10.7), and what lies on a deposit (§2.6)."""

from tests.simulator.client import Client, line


def prefer(app: Client, **flags: bool) -> None:
    app.control(f"companies/{app.realm}/preferences", {"SalesFormsPrefs": flags})


def test_an_open_credit_pays_a_new_invoice(app: Client) -> None:
    credit = app.write("creditmemo", {"CustomerRef": {"value": "1"}, "Line": [line("50")]})
    prefer(app, AutoApplyCredit=True)
    assert app.invoice()["Balance"] == 60
    assert app.read(f"creditmemo/{credit['Id']}")["RemainingCredit"] == 0
    assert app.query("select * from Payment")["Payment"][0]["TotalAmt"] == 0


def test_money_that_lay_about_pays_a_new_invoice(app: Client) -> None:
    app.pay(30)
    prefer(app, AutoApplyPayments=True)
    assert app.invoice()["Balance"] == 90
    assert app.read("payment/1")["UnappliedAmt"] == 0


def test_without_the_preferences_nothing_is_applied(app: Client) -> None:
    app.pay(30)
    assert app.invoice()["Balance"] == 120


def test_a_deposit_on_an_invoice_lowers_what_is_open(app: Client) -> None:
    prefer(app, AllowDeposit=True)
    assert app.invoice(Deposit=20, DepositToAccountRef={"value": "4"})["Balance"] == 100


def test_a_payment_on_a_bank_deposit_cannot_be_touched_6540(app: Client) -> None:
    paid = app.pay(30)["Id"]
    app.control(f"companies/{app.realm}/records/Payment/{paid}/deposit")
    head = {"Id": paid, "SyncToken": "1"}
    for path, body in (("payment", head | {"sparse": True}), ("payment?operation=delete", head)):
        code, detail = app.refused(path, body)
        assert (code, detail.startswith("This transaction has been deposited.")) == ("6540", True)


def test_money_on_a_bank_deposit_is_passed_over_and_the_invoice_saved(app: Client) -> None:
    app.control(f"companies/{app.realm}/records/Payment/{app.pay(30)['Id']}/deposit")
    prefer(app, AutoApplyPayments=True)
    assert app.invoice()["Balance"] == 120
