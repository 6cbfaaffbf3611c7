"""Documents from before: nothing is sent by itself, the page asks, and what was answered is remembered."""

from __future__ import annotations

import re

import pytest

from app.billing import receiving
from app.billing.document import Document
from app.billing.entities import EntityFields, found_entity
from app.billing.kinds import DocumentKind
from app.foundation.database import db, transaction
from app.sync.records.policies import WhenServiceMissing, policy_of
from app.sync.steering import controls
from tests.billing.firm import ANN
from tests.web.quickbooks.desk import Desk
from tests.web.walking import words


@pytest.fixture
def five(desk: Desk) -> Desk:
    """Open five invoices, then connect and map."""
    for _number in range(5):
        desk.firm.open()
    desk.send()
    desk.connect()
    desk.post("/mappings/confirm?kind=tax-codes")
    desk.post(f"/mappings/services/{desk.firm.support.id}", remote_id="2")
    desk.send()
    return desk


def test_five_invoices_opened_before_connecting_are_asked_about_and_not_sent(five: Desk) -> None:
    assert (five.told(), five.there()) == (0, 0)
    assert "5 open documents were not sent to QuickBooks" in five.get().text
    assert "Send all 5" in five.get("/earlier-documents").text


def test_the_reason_that_all_have_is_told_once(five: Desk) -> None:
    page = words(five.get("/earlier-documents").text)
    assert page.count("it was opened while QuickBooks was not connected.") == 1
    assert " Why " not in page


def test_beside_another_billing_entity_it_is_said_whose_they_are(five: Desk) -> None:
    with transaction():
        dublin = found_entity(EntityFields(name="Northgate Dublin")).id
    assert "From Northgate IT Ltd: they were opened" in five.get(f"?entity={dublin}").text


def test_all_are_sent_when_a_person_says_so(five: Desk) -> None:
    five.post("/earlier-documents", choice="all")
    assert "5 documents are on the way" in five.get().text
    five.send()
    assert (five.told(), five.there()) == (5, 5)
    assert "were not sent" not in five.get().text


def test_one_is_sent_to_look_at_it_and_the_others_wait_until_somebody_resumes(five: Desk) -> None:
    answer = five.post("/earlier-documents", choice="one")
    assert answer.location.startswith("/quickbooks/state")
    five.send()
    assert five.there() == 1
    controls.resume(five.connection, ANN)
    five.send()
    assert (five.told(), five.there()) == (5, 5)


def test_the_first_time_it_is_suggested_to_send_one_first(five: Desk) -> None:
    assert 'btn-primary" name="choice" value="one"' in five.get("/earlier-documents").text
    five.post("/earlier-documents", choice="ticked", document=[str(_ids(five)[0])])
    five.send()
    assert 'btn-primary" name="choice" value="all"' in five.get("/earlier-documents").text


def test_only_the_ticked_ones_are_sent(five: Desk) -> None:
    ids = [str(number) for number in _ids(five)[:2]]
    five.post("/earlier-documents", choice="ticked", document=ids)
    five.send()
    assert five.there() == 2


def test_those_from_a_date_are_sent(five: Desk) -> None:
    assert five.post("/earlier-documents", choice="since", since="soon").status_code == 422
    five.post("/earlier-documents", choice="since", since="2026-03-03")
    five.send()
    assert five.there() == 0
    five.post("/earlier-documents", choice="since", since="2026-03-02")
    five.send()
    assert five.there() == 5


def test_an_answer_that_was_not_offered_is_refused_and_it_is_asked_again(five: Desk) -> None:
    assert five.post("/earlier-documents", choice="everything").status_code == 400
    assert (five.there(), "Choose what to send" in five.get().text) == (0, True)


def test_enter_in_the_field_of_the_date_sends_what_it_says_and_not_all(five: Desk) -> None:
    """The first button of its form is what Enter presses."""
    page = five.get("/earlier-documents").text
    assert 'id="since" name="since" form="from-a-date"' in page
    assert re.findall(r'value="(\w+)" form="from-a-date"', page) == ["since"]


def test_none_is_an_answer_too_and_is_not_asked_again(five: Desk) -> None:
    five.post("/earlier-documents", choice="none")
    five.send()
    assert five.there() == 0
    assert "Choose what to send" not in five.get().text
    assert "5 open documents were not sent. That was decided here." in five.get().text


def test_payments_that_quickbooks_will_not_hear_of_are_pointed_out(five: Desk) -> None:
    assert "paid in part already" not in five.get("/earlier-documents").text
    with transaction():
        invoice = db.session.get_one(Document, _ids(five)[0])
        receiving.write_down(five.firm.facts(5000, (invoice, 5000)), actor=ANN)
    page = five.get("/earlier-documents").text
    assert "1 of them is paid in part already" in page
    assert "with the same date or reference, so that Counterfoil knows them again" in page


def _settle(desk: Desk, pence: int, credit: int) -> str:
    """Settle the first invoice by money and a credit, both in pence, before the company heard of it; its page."""
    note = desk.firm.open(kind=DocumentKind.CREDIT_NOTE)
    with transaction():
        invoice = db.session.get_one(Document, _ids(desk)[0])
        receiving.write_down(desk.firm.facts(pence, (invoice, pence + credit), (note, credit)), actor=ANN)
    return desk.get("/earlier-documents").text


def test_an_invoice_that_a_credit_note_settles_is_not_called_paid(five: Desk) -> None:
    page = _settle(five, 0, 5000)
    assert "1 of them is settled in part by a credit note" in page
    assert "record no payment for it there, apply the credit note" in page
    assert "paid in part already" not in page


def test_one_that_money_and_a_credit_note_settle_is_told_in_both_ways(five: Desk) -> None:
    page = _settle(five, 1000, 5000)
    assert "1 of them is settled in part by a credit note" in page
    assert "1 of them is paid in part already" in page


def test_nothing_ticked_is_told(five: Desk) -> None:
    answer = five.post("/earlier-documents", choice="ticked")
    assert answer.status_code == 422
    assert "Tick the documents" in answer.text


def test_what_is_opened_after_connecting_goes_and_is_not_asked_about(connected: Desk) -> None:
    with transaction():
        policy_of(connected.connection.id).service_missing = WhenServiceMissing.CREATE
    connected.post("/mappings/confirm?kind=tax-codes")
    connected.post("/policies", **_policies(automatic_push="y", service_missing="create", default_income="1"))
    connected.firm.open(kind=DocumentKind.CREDIT_NOTE)
    connected.send()
    assert connected.there("CreditMemo") == 1
    assert "Nothing was left behind" in connected.get("/earlier-documents").text


def test_turning_automatic_push_on_asks_about_what_was_opened_meanwhile(connected: Desk) -> None:
    connected.post("/policies", **_policies())
    connected.firm.open()
    connected.send()
    connected.post("/policies", **_policies(automatic_push="y"))
    connected.send()
    assert connected.there() == 0
    assert "1 open document was not sent to QuickBooks" in connected.get().text


def _ids(desk: Desk) -> list[int]:
    page = desk.get("/earlier-documents").text
    return [int(part.split('"')[0]) for part in page.split('name="document" value="')[1:]]


def _policies(**changed: str) -> dict[str, str]:
    usual = {
        "client_missing": "create",
        "service_missing": "hold",
        "number_taken": "stop",
        "zero_total": "skip",
        "closed_books": "hold",
        "default_income": "",
    }
    return usual | changed
