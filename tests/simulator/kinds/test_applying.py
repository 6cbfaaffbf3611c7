"""What becomes of payments when what they are tied to shrinks or goes: both sides stay true (§3.10, §3.11)."""

import pytest

from tests.simulator.client import Body, Client, line, payment

LOOSE = {"delete_with_payment": "unapply", "void_with_payment": "unapply"}


def credited(app: Client) -> Body:
    """An invoice of 120, half of it paid by a credit of 60 through a payment of nothing."""
    app.control("switches", LOOSE)
    app.invoice()
    app.write("creditmemo", {"CustomerRef": {"value": "1"}, "Line": [line("50")]})
    return app.pay(0, ("Invoice", "1", 60), ("CreditMemo", "2", 60))


def test_a_credit_that_is_deleted_opens_what_it_had_paid(app: Client) -> None:
    tied = credited(app)
    app.write("creditmemo?operation=delete", {"Id": "2", "SyncToken": "1"})
    assert app.read(f"payment/{tied['Id']}")["UnappliedAmt"] == 0
    assert app.read("invoice/1")["Balance"] == 120
    assert app.read("customer/1")["Balance"] == 120


def test_a_credit_that_shrinks_pays_no_more_than_it_is(app: Client) -> None:
    tied = credited(app)
    app.write("creditmemo", {"Id": "2", "SyncToken": "1", "sparse": True, "Line": [line("10")]})
    shares = [part["Amount"] for part in app.read(f"payment/{tied['Id']}")["Line"]]
    assert (shares, app.read("invoice/1")["Balance"]) == ([12, 12], 108)


@pytest.mark.parametrize("operation", ["void", "delete"])
def test_an_invoice_that_goes_leaves_the_credit_as_unapplied_money(app: Client, operation: str) -> None:
    tied = credited(app)
    app.write(f"invoice?operation={operation}", {"Id": "1", "SyncToken": "1"})
    assert app.read(f"payment/{tied['Id']}")["UnappliedAmt"] == 60
    assert app.read("customer/1")["Balance"] == -60


def test_a_share_of_nothing_ties_nothing(app: Client) -> None:
    app.invoice()
    paid = app.pay(5, ("Invoice", "1", 0))
    assert (paid["Line"], paid["UnappliedAmt"], app.read("invoice/1")["LinkedTxn"]) == ([], 5, [])
    assert app.post("payment", payment(5, ("Invoice", "1", "x"))).status_code == 400
