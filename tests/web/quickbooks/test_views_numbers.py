"""A number that is taken: both documents side by side, and what Olivia decides."""

from __future__ import annotations

from typing import Any

import pytest

from app.billing.document import Document
from app.foundation.database import db
from app.outbox.models import MessageState
from app.sync.records.links import LinkMade, link_of
from app.sync.watching import standing
from app.sync.watching.standing import Place
from tests.simulation import REALM
from tests.sync import weather
from tests.web.quickbooks.desk import Desk


@pytest.fixture
def clash(connected: Desk) -> tuple[Desk, Document]:
    """An open invoice whose number a bookkeeper has used for the same sale."""
    connected.post("/mappings/confirm?kind=tax-codes")
    connected.post(f"/mappings/services/{connected.firm.support.id}", remote_id="2")
    first = connected.firm.open()
    connected.send()
    record = connected.simulation.look(f"companies/{REALM}/records/Invoice")["records"][0]
    number = str(first.number).replace("1", "2")
    make(connected, number, record["CustomerRef"]["value"])
    document = connected.firm.open()
    assert document.number == number
    connected.send()
    return connected, document


def make(desk: Desk, number: str, customer: str, amount: str = "100.00") -> None:
    detail = {"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": "6"}}
    line = {"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": detail}
    body: dict[str, Any] = {"DocNumber": number, "TxnDate": "2026-03-02", "CustomerRef": {"value": customer}}
    desk.simulation.control(f"companies/{REALM}/records/Invoice", {**body, "Line": [line]})


def page_of(document: Document) -> str:
    return f"/numbers/invoice/{document.id}"


def place(document: Document) -> Place:
    db.session.rollback()
    return standing.of_document(db.session.get_one(Document, document.id)).place


def test_the_invoice_leads_to_the_page_that_shows_both(clash: tuple[Desk, Document]) -> None:
    desk, document = clash
    assert f"/settings/quickbooks{page_of(document)}" in desk.browser.get(f"/invoices/{document.id}").text
    assert f"/settings/quickbooks{page_of(document)}" in desk.browser.get("/quickbooks/log").text
    page = desk.get(page_of(document)).text
    assert "Client, date and total agree" in page
    assert f"Send it as {document.number}-2" in page


def test_the_two_are_linked_and_neither_changes(clash: tuple[Desk, Document]) -> None:
    desk, document = clash
    (twin,) = [row for row in there(desk) if row["DocNumber"] == document.number]
    desk.post(page_of(document), choice="link", remote_id=twin["Id"])
    link = link_of(standing_connection(desk), document.subject)
    assert link is not None
    assert (link.remote_id, link.made, place(document)) == (twin["Id"], LinkMade.BY_HAND, Place.THERE)
    assert len(there(desk)) == 2


def test_it_is_sent_under_another_number(clash: tuple[Desk, Document]) -> None:
    desk, document = clash
    desk.post(page_of(document), choice="rename", number=f"{document.number}-2")
    desk.send()
    assert max(row["DocNumber"] for row in there(desk)) == f"{document.number}-2"
    assert f"As {document.number}-2 (id " in desk.browser.get(f"/invoices/{document.id}").text


def test_a_number_outside_the_rule_is_refused(clash: tuple[Desk, Document]) -> None:
    desk, document = clash
    assert desk.post(page_of(document), choice="rename", number="XYZ").status_code == 409


def test_it_is_tried_again_under_its_own_number(clash: tuple[Desk, Document]) -> None:
    desk, document = clash
    (twin,) = [row for row in there(desk) if row["DocNumber"] == document.number]
    desk.simulation.handle("Invoice", twin["Id"], "edit", DocNumber="OTHER-1")
    desk.post(page_of(document), choice="retry")
    desk.send()
    assert weather.state(document) is MessageState.DONE


def test_what_waits_for_no_number_is_told_so(connected: Desk) -> None:
    document = connected.firm.open()
    answer = connected.post(page_of(document), choice="rename", number=f"{document.number}-2")
    assert answer.status_code == 409


def there(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.simulation.look(f"companies/{REALM}/records/Invoice")["records"]
    return found


def standing_connection(desk: Desk) -> int:
    db.session.rollback()
    return desk.connection.id
