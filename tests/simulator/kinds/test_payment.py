"""Payments and credits applied (§3.10, §3.11)."""

from app.simulator.world import World
from tests.simulator.client import Client, line, payment


def test_a_payment_lowers_what_is_owed(app: Client) -> None:
    app.invoice()
    paid = app.pay(50, ("Invoice", "1", 50))
    invoice = app.read("invoice/1")
    assert (invoice["Balance"], invoice["LinkedTxn"]) == (70, [{"TxnId": paid["Id"], "TxnType": "Payment"}])
    assert app.read("customer/1")["Balance"] == 70
    assert paid["UnappliedAmt"] == 0


def test_money_without_an_invoice_stays_unapplied(app: Client) -> None:
    assert app.pay(30)["UnappliedAmt"] == 30
    assert app.read("customer/1")["Balance"] == -30


def test_more_than_is_open_is_refused(app: Client) -> None:
    app.invoice()
    assert app.refused("payment", payment(200, ("Invoice", "1", 200)))[0] == "6000"


def test_lines_above_the_total_are_refused(app: Client) -> None:
    app.invoice()
    assert app.refused("payment", payment(50, ("Invoice", "1", 60)))[0] == "6000"


def test_another_customers_invoice_is_refused(app: Client) -> None:
    app.invoice(CustomerRef={"value": "2"})
    assert app.refused("payment", payment(50, ("Invoice", "1", 50)))[0] == "6000"


def test_a_parent_pays_the_invoice_of_its_sub_customer_and_never_the_other_way(app: Client) -> None:
    sub = app.write("customer", {"DisplayName": "Northern branch", "Job": True, "ParentRef": {"value": "1"}})["Id"]
    app.invoice(CustomerRef={"value": sub})
    app.invoice()
    assert app.pay(50, ("Invoice", "1", 50))["UnappliedAmt"] == 0
    assert app.read("invoice/1")["Balance"] == 70
    upwards = payment(50, ("Invoice", "2", 50)) | {"CustomerRef": {"value": sub}}
    assert app.refused("payment", upwards)[0] == "6000"


def test_a_deleted_payment_gives_the_balance_back(app: Client) -> None:
    app.invoice()
    paid = app.pay(120, ("Invoice", "1", 120))
    app.write("payment?operation=delete", {"Id": paid["Id"], "SyncToken": "0"})
    invoice = app.read("invoice/1")
    assert (invoice["Balance"], invoice["LinkedTxn"]) == (120, [])


def test_a_void_payment_gives_the_balance_back(app: Client) -> None:
    app.invoice()
    paid = app.pay(120, ("Invoice", "1", 120))
    void = app.write("payment?operation=update&include=void", {"Id": paid["Id"], "SyncToken": "0", "sparse": True})
    assert (void["TotalAmt"], void["Line"], void["PrivateNote"]) == (0, [], "Voided")
    assert app.read("invoice/1")["Balance"] == 120


def test_a_payment_can_move_from_one_invoice_to_another(app: Client) -> None:
    app.invoice()
    app.invoice()
    paid = app.pay(120, ("Invoice", "1", 120))
    app.write("payment", payment(120, ("Invoice", "2", 120)) | {"Id": paid["Id"], "SyncToken": "0", "sparse": True})
    assert [app.read("invoice/1")["Balance"], app.read("invoice/2")["Balance"]] == [120, 0]


def test_a_credit_is_applied_by_a_payment_of_nothing(app: Client) -> None:
    app.invoice()
    credit = app.write("creditmemo", {"CustomerRef": {"value": "1"}, "Line": [line("50")]})
    assert credit["RemainingCredit"] == credit["Balance"] == 60
    app.pay(0, ("Invoice", "1", 60), ("CreditMemo", credit["Id"], 60))
    assert app.read(f"creditmemo/{credit['Id']}")["RemainingCredit"] == 0
    assert app.read("invoice/1")["Balance"] == 60
    assert app.read("customer/1")["Balance"] == 60


def test_a_credit_memo_cannot_be_voided(app: Client) -> None:
    app.write("creditmemo", {"CustomerRef": {"value": "1"}, "Line": [line("50")]})
    assert app.refused("creditmemo?operation=void", {"Id": "1", "SyncToken": "0"})[0] == "500"


def test_a_paid_invoice_is_neither_voided_nor_deleted(app: Client) -> None:
    app.invoice()
    app.pay(120, ("Invoice", "1", 120))
    assert app.refused("invoice?operation=void", {"Id": "1", "SyncToken": "1"})[0] == "6000"
    assert app.refused("invoice?operation=delete", {"Id": "1", "SyncToken": "1"})[0] == "6000"


def test_by_switch_deleting_a_paid_invoice_leaves_the_money_unapplied(app: Client) -> None:
    app.control("switches", {"delete_with_payment": "unapply"})
    app.invoice()
    paid = app.pay(120, ("Invoice", "1", 120))
    app.write("invoice?operation=delete", {"Id": "1", "SyncToken": "1"})
    left = app.read(f"payment/{paid['Id']}")
    assert (left["UnappliedAmt"], left["Line"]) == (120, [])


def test_an_invoice_made_smaller_than_what_was_paid_frees_the_rest(app: Client) -> None:
    app.invoice()
    paid = app.pay(120, ("Invoice", "1", 120))
    smaller = {"Id": "1", "SyncToken": "1", "sparse": True, "Line": [line("50")]}
    assert app.write("invoice", smaller)["Balance"] == 0
    assert app.read(f"payment/{paid['Id']}")["UnappliedAmt"] == 60


def test_nothing_half_done_stays_when_a_payment_is_refused(app: Client, world: World) -> None:
    app.invoice()
    app.refused("payment", payment(60, ("Invoice", "1", 50), ("Invoice", "99", 10)))
    assert app.read("invoice/1")["Balance"] == 120
    assert world.books[app.realm].shelves["Payment"].facts == {}


def test_a_payment_that_is_echoed_tells_the_same_open_balance_and_account(app: Client) -> None:
    app.invoice()
    paid = app.pay(120, ("Invoice", "1", 120))
    again = app.write("payment", paid)
    assert (again["Line"], again["DepositToAccountRef"]) == (paid["Line"], {"value": "4"})
