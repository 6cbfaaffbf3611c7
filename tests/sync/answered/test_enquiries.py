"""Whose the taken number is, and whose the taken name."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from app.billing import catalogue, invoicing
from app.billing.catalogue_fields import ClientFields
from app.billing.client import Client
from app.billing.document import Document
from app.foundation.database import transaction
from app.outbox.models import MessageState, Subject
from app.sync.records.links import Link, LinkMade
from app.sync.records.policies import WhenNumberTaken
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books

DONE, PARKED = MessageState.DONE, MessageState.PARKED


def foreign(books: Books, document: Document, *, customer: str, amount: str = "100.00", note: str = "") -> str:
    """A person in QuickBooks makes an invoice with this document's number."""
    detail = {"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": "6"}}
    line = {"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": detail}
    body: dict[str, Any] = {
        "DocNumber": document.number,
        "TxnDate": "2026-03-02",
        "CustomerRef": {"value": customer},
        "Line": [line],
        "PrivateNote": note,
    }
    return weather.make_there(books, "Invoice", **body)


def stopped(books: Books) -> tuple[Document, str]:
    """An open document that was not sent yet, and its customer there."""
    first = books.invoice()
    customer = books.customer(first)
    weather.rule(books, automatic_push=False)
    document = books.firm.open()
    weather.rule(books, automatic_push=True)
    return document, customer


def test_a_taken_number_with_our_marker_is_ours_and_is_told_the_newest_revision(books: Books) -> None:
    document, customer = stopped(books)
    note = f"Counterfoil {document.organisation_id}-invoice-{document.id}"
    theirs = foreign(books, document, customer=customer, amount="90.00", note=note)
    books.send()
    weather.settle_all(books)
    link = books.link(document)
    assert (link.remote_id, link.made, link.total_pence) == (theirs, LinkMade.ADOPTED, 12000)
    assert weather.outcomes(document)[-2:] == ["adopted", "sent"]


def test_what_a_bookkeeper_voided_there_is_not_undone_after_its_link_was_lost(books: Books) -> None:
    document, customer = stopped(books)
    note = f"Counterfoil {document.organisation_id}-invoice-{document.id}"
    theirs = foreign(books, document, customer=customer, note=note)
    books.simulation.handle("Invoice", theirs, "void")
    books.send()
    weather.settle_all(books)
    assert weather.state(document) is PARKED
    assert "voided in QuickBooks" in weather.reason(document)
    assert books.simulation.record("Invoice", theirs)["TotalAmt"] == 0


def test_what_a_bookkeeper_changed_there_is_shown_and_not_overwritten_after_its_link_was_lost(books: Books) -> None:
    document, customer = stopped(books)
    note = f"Counterfoil {document.organisation_id}-invoice-{document.id}"
    theirs = foreign(books, document, customer=customer, amount="90.00", note=note)
    books.simulation.handle("Invoice", theirs, "edit", CustomerMemo={"value": "Agreed by phone"})
    books.send()
    weather.settle_all(books)
    link = books.link(document)
    assert (link.made, link.total_pence, link.difference_pence) == (LinkMade.ADOPTED, 10800, -1200)


def test_a_taken_number_of_a_stranger_stops_with_a_sentence(books: Books) -> None:
    document, customer = stopped(books)
    theirs = foreign(books, document, customer=customer)
    books.send()
    assert weather.state(document) is PARKED
    assert weather.reason(document).startswith(
        f"Number {document.number} is already used in QuickBooks by Invoice {theirs}."
    )


@pytest.mark.parametrize(("amount", "state"), [("100.00", DONE), ("90.00", PARKED)])
def test_with_the_policy_link_it_is_linked_if_everything_agrees(books: Books, amount: str, state: MessageState) -> None:
    weather.rule(books, number_taken=WhenNumberTaken.LINK)
    document, customer = stopped(books)
    foreign(books, document, customer=customer, amount=amount)
    books.send()
    assert (weather.state(document), len(weather.there(books))) == (state, 2)


def test_one_that_agrees_but_is_linked_to_another_of_ours_is_not_linked_twice(books: Books) -> None:
    weather.rule(books, number_taken=WhenNumberTaken.LINK)
    document, customer = stopped(books)
    theirs = foreign(books, document, customer=customer)
    with transaction() as session:
        session.execute(update(Link).where(Link.kind == "invoice").values(remote_id=theirs))
    with transaction():
        invoicing.ask_to_send([books.fresh(document)], actor=ANN)
    books.send()
    assert weather.state(document) is PARKED
    assert "linked to another invoice of ours" in weather.reason(document)


def client_named(name: str) -> Client:
    with transaction():
        return catalogue.create_client(ClientFields(name=name), actor=ANN)


def since_the_lists_were_read(books: Books, kind: str, name: str, **more: Any) -> str:
    """Our mirror does not know it yet."""
    return weather.make_there(books, kind, DisplayName=name, **more)


def test_a_taken_name_of_a_free_customer_is_linked(books: Books) -> None:
    theirs = since_the_lists_were_read(books, "Customer", "New There")
    weather.forget(books)
    invoice = books.invoice(client=client_named("New There"))
    assert (books.customer(invoice), weather.state(invoice)) == (theirs, DONE)
    assert (weather.counts(books)["reads"], weather.counts(books)["writes"]) == (1, 2)


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize(("kind", "word"), [("Vendor", "a supplier"), ("Employee", "an employee")])
def test_a_taken_name_of_somebody_else_needs_a_person(books: Books, kind: str, word: str, *, active: bool) -> None:
    names = {"GivenName": "Paper", "FamilyName": "Mill"} if kind == "Employee" else {}
    theirs = since_the_lists_were_read(books, kind, "Paper Mill", **names)
    if not active:
        books.simulation.control("switches", {"inactive_name_blocks": True})
        books.simulation.handle(kind, theirs, "edit", Active=False, DisplayName="Paper Mill", **names)
    client = client_named("Paper Mill")
    books.invoice()
    invoice = books.invoice(client=client)
    subject = Subject("client", client.id)
    assert (weather.state(subject), weather.state(invoice)) == (PARKED, MessageState.WAITING)
    assert f"“Paper Mill” is {word}" in weather.reason(subject)


def test_a_taken_name_of_an_inactive_record_needs_a_person(books: Books) -> None:
    theirs = since_the_lists_were_read(books, "Customer", "Sleeper")
    books.simulation.handle("Customer", theirs, "edit", Active=False, DisplayName="Sleeper")
    books.simulation.control("switches", {"inactive_name_blocks": True})
    client = client_named("Sleeper")
    books.invoice()
    invoice = books.invoice(client=client)
    subject = Subject("client", client.id)
    assert (weather.state(subject), weather.state(invoice)) == (PARKED, MessageState.WAITING)
    assert "as an inactive record" in weather.reason(subject)
