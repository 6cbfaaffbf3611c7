"""Recording a payment: from an invoice, from a client, from the list."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.billing.payment import Payment
from app.foundation.database import db, transaction
from tests.billing.firm import Firm
from tests.web.walking import Walker, linked, words

CAME: dict[str, Any] = {"received_on": "2026-03-02", "method": "Cheque", "reference": "000123", "how": "oldest"}


def new(firm: Firm) -> str:
    return f"/payments/new/{firm.acme.id}"


def the_payment() -> Payment:
    db.session.expire_all()
    return db.session.scalars(select(Payment)).one()


def test_the_page_of_an_invoice_leads_to_a_form_with_its_balance(firm: Firm, stella: Walker) -> None:
    invoice = firm.open()
    page = stella.get(
        linked(stella.get(f"/invoices/{invoice.id}").text.replace("&amp;", "&"), f"{new(firm)}?invoice=#")
    )
    assert 'value="120.00"' in page.text
    assert words(page.text).count("INV-00001") == 1


def test_a_payment_settles_the_oldest_invoice_first(firm: Firm, stella: Walker) -> None:
    first, second = firm.open(), firm.open()
    page = words(stella.follow(new(firm), **CAME, amount="150"))
    assert "The payment was recorded." in page
    assert {part.document_id: part.amount_pence for part in the_payment().allocations} == {
        first.id: 12000,
        second.id: 3000,
    }
    assert "£150.00 from Acme" in page


def test_a_division_is_shown_first_and_changed(firm: Firm, stella: Walker) -> None:
    first, second = firm.open(), firm.open()
    page = stella.post(new(firm), **CAME, amount="150", step="divide")
    assert page.status_code == 200
    assert f'name="part-{second.id}" id="part-{second.id}" value="30.00"' in page.text
    typed = CAME | {"how": "typed", f"part-{first.id}": "100", f"part-{second.id}": "20"}
    stella.follow(new(firm), **typed, amount="150")
    assert the_payment().unapplied_pence == 3000


def test_money_may_be_kept_as_credit_and_is_divided_later(firm: Firm, stella: Walker) -> None:
    invoice = firm.open()
    stella.follow(new(firm), **CAME | {"how": "credit"}, amount="£120")
    assert "£120.00 on open invoices, £120.00 in credit" in words(stella.get(f"/clients/{firm.acme.id}").text)
    address = f"/payments/{the_payment().id}/divide"
    assert "£120.00 of it is on no invoice now" in words(stella.get(address).text)
    assert "INV-00001" in stella.follow(address, **{f"part-{invoice.id}": "120"})


def test_more_than_is_open_is_refused_beside_its_box(firm: Firm, stella: Walker) -> None:
    invoice = firm.open()
    typed = CAME | {"how": "typed", f"part-{invoice.id}": "120.01"}
    answer = stella.post(new(firm), **typed, amount="200")
    assert answer.status_code == 422
    assert "Only £120.00 is open on it." in words(answer.text)


def test_more_than_came_is_refused(firm: Firm, stella: Walker) -> None:
    invoice = firm.open()
    answer = stella.post(new(firm), **CAME | {"how": "typed", f"part-{invoice.id}": "120"}, amount="100")
    assert "Only £100.00 can be allocated." in words(answer.text)


def test_a_box_wants_an_amount(firm: Firm, stella: Walker) -> None:
    invoice = firm.open()
    for typed in ("all", "-5", "1.005"):
        fields = CAME | {"how": "typed", f"part-{invoice.id}": typed}
        assert "Enter an amount" in words(stella.post(new(firm), **fields, amount="100").text)


def test_an_amount_is_needed_above_nought_and_of_whole_pence(firm: Firm, stella: Walker) -> None:
    for amount in ("", "0", "-3", "much", "1.005"):
        assert stella.post(new(firm), **CAME, amount=amount).status_code == 422
    assert db.session.scalars(select(Payment)).all() == []


def test_the_same_payment_is_recorded_twice_only_on_a_word(firm: Firm, stella: Walker) -> None:
    stella.follow(new(firm), **CAME, amount="50")
    again = stella.post(new(firm), **CAME, amount="50")
    assert (again.status_code, "was recorded already" in again.text) == (422, True)
    stella.follow(new(firm), **CAME, amount="50", again="y")
    assert len(db.session.scalars(select(Payment)).all()) == 2


def test_the_client_is_looked_for(firm: Firm, stella: Walker) -> None:
    assert "Record payment" in words(stella.get("/payments").text)
    found = words(stella.fragment("/payments/new?search=bol").text)
    assert ("Bolt" in found, "Acme" in found) == (True, False)
    assert "No client matches" in stella.get("/payments/new?search=zzz").text


def test_a_payment_in_another_currency_is_recorded_on_its_own_account(firm: Firm, stella: Walker) -> None:
    invoice, other = firm.open(), firm.open()
    with transaction():
        other.currency = "EUR"
    page = stella.get(f"{new(firm)}?invoice={other.id}").text
    address = linked(page.replace("&amp;", "&"), f"{new(firm)}?entity=#&currency=GBP")
    assert invoice.number is not None
    assert invoice.number in words(stella.get(address).text)


def test_an_invoice_of_somebody_else_begins_nothing(firm: Firm, stella: Walker) -> None:
    invoice = firm.open(client=firm.bolt)
    assert 'value="120.00"' not in stella.get(f"{new(firm)}?invoice={invoice.id}").text


def test_who_only_reads_records_nothing(firm: Firm, rhea: Walker) -> None:
    invoice = firm.open()
    assert "Record payment" not in rhea.get(f"/invoices/{invoice.id}").text + rhea.get("/payments").text
    assert rhea.post(new(firm), **CAME, amount="50").status_code == 403


def test_money_can_not_have_come_tomorrow(firm: Firm, stella: Walker) -> None:
    answer = stella.post(new(firm), **CAME | {"received_on": "2199-01-01"}, amount="150")
    assert answer.status_code == 422
    assert "Received on can't be later than today." in words(answer.text).replace("&#39;", "'")


def test_amounts_that_are_typed_are_not_passed_over(firm: Firm, stella: Walker) -> None:
    invoice = firm.open()
    answer = stella.post(new(firm), **CAME | {f"part-{invoice.id}": "20"}, amount="150")
    assert answer.status_code == 422
    assert "choose As typed below, or leave the boxes empty" in words(answer.text)


def test_as_typed_wants_something_typed(firm: Firm, stella: Walker) -> None:
    firm.open()
    answer = stella.post(new(firm), **CAME | {"how": "typed"}, amount="50")
    assert (answer.status_code, "Nothing is typed below" in answer.text) == (422, True)
    of_bolt = f"/payments/new/{firm.bolt.id}"
    assert "£50.00 is on no invoice yet" in words(stella.follow(of_bolt, **CAME | {"how": "typed"}, amount="50"))


def test_a_payment_of_which_a_part_is_left_says_so(firm: Firm, stella: Walker) -> None:
    firm.open()
    assert "Part applied" in words(stella.follow(new(firm), **CAME, amount="150"))


def test_clients_of_one_name_are_told_apart_in_the_list(firm: Firm, stella: Walker) -> None:
    with transaction():
        firm.acme.email = "accounts@acme.example"
    firm.learn(1000)
    assert "accounts@acme.example" in words(stella.get("/payments").text)
