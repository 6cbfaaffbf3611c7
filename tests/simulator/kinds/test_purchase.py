"""Purchases (§3.13)."""

import pytest

from tests.simulator.client import Body, Client
from tests.simulator.kinds.test_bill import bought, paid


def purchase(**fields: object) -> Body:
    """An expense by card."""
    return {"PaymentType": "CreditCard", "AccountRef": {"value": "41"}, "Line": [bought()]} | fields


def test_an_expense_by_card_has_lines_without_number_and_the_block_of_its_type(app: Client) -> None:
    made = app.write("purchase", purchase())
    assert "LineNum" not in made["Line"][0]
    assert made["PurchaseEx"]["any"][0]["value"] == {"Name": "TxnType", "Value": "54"}
    assert (made["Credit"], made["TotalAmt"]) == (False, 120)


def test_that_block_is_refused_when_it_comes_back_2010(app: Client) -> None:
    made = app.write("purchase", purchase())
    assert app.refused("purchase", made)[0] == "2010"


def test_a_full_update_makes_a_refund_an_expense_again(app: Client) -> None:
    app.write("purchase", purchase(Credit=True))
    assert app.write("purchase", purchase(Id="1", SyncToken="0"))["Credit"] is False


def test_even_a_sparse_change_names_the_payment_type_2020(app: Client) -> None:
    app.write("purchase", purchase())
    change = {"Id": "1", "SyncToken": "0", "sparse": True, "PrivateNote": "seen"}
    assert app.refused("purchase", change)[1] == "Required parameter PaymentType is missing in the request"


def test_credit_belongs_to_cards(app: Client) -> None:
    sent = purchase(PaymentType="Cash", AccountRef={"value": "35"}, Credit=True)
    assert app.refused("purchase", sent)[0] == "6000"


def test_a_department_on_a_line_is_not_known_2010(app: Client) -> None:
    assert app.refused("purchase", purchase(Line=[bought() | {"DepartmentRef": {"value": "1"}}]))[0] == "2010"


@pytest.mark.parametrize(("kind", "ok"), [("Vendor", True), ("VENDOR", False)])
def test_the_party_names_its_list_in_the_right_letters(app: Client, kind: str, *, ok: bool) -> None:
    answer = app.post("purchase", purchase(EntityRef={"value": "50", "type": kind}))
    assert (answer.status_code == 200) == ok


def test_cheques_of_expenses_and_of_bill_payments_share_their_numbers_6140(app: Client) -> None:
    cheque = purchase(PaymentType="Check", AccountRef={"value": "35"}, DocNumber="900")
    app.write("purchase", cheque)
    app.write("bill", {"VendorRef": {"value": "50"}, "Line": [bought()]})
    assert app.refused("billpayment", paid(5, ("Bill", "2", 5), DocNumber="900"))[0] == "6140"


def test_a_deleted_purchase_is_told_without_that_block(app: Client) -> None:
    app.write("purchase", purchase())
    gone = app.write("purchase?operation=delete", {"Id": "1", "SyncToken": "0"})
    assert gone == {"domain": "QBO", "status": "Deleted", "Id": "1"}
