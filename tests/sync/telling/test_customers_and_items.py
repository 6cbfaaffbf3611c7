"""Customers and items: made, linked or held as the policies say, never twice."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from app.billing import catalogue, invoicing
from app.billing.catalogue_fields import ClientFields, ServiceFields
from app.billing.client import Client
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.mail import Mail
from app.outbox import tray
from app.outbox.models import MessageState, Subject
from app.sync.records.policies import WhenClientMissing, WhenServiceMissing
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books

DONE, WAITING, PARKED, CANCELLED = (
    MessageState.DONE,
    MessageState.WAITING,
    MessageState.PARKED,
    MessageState.CANCELLED,
)


def client_of(books: Books, name: str) -> Client:
    with transaction():
        return catalogue.create_client(ClientFields(name=name), actor=ANN)


def items(books: Books) -> list[str]:
    return [str(row["Name"]) for row in weather.there(books, "Item")]


def customers(books: Books, name: str) -> list[str]:
    return [
        str(row["Id"]) for row in weather.there(books, "Customer") if row["DisplayName"].casefold() == name.casefold()
    ]


def hold_services(books: Books) -> None:
    weather.rule(books, service_missing=WhenServiceMissing.HOLD)


def test_a_client_that_is_there_by_name_is_linked_and_not_made_again(books: Books) -> None:
    client = client_of(books, "harbour  CAFE")
    invoice = books.invoice(client=client)
    assert (len(customers(books, "Harbour Cafe")), weather.state(invoice)) == (1, DONE)
    assert weather.outcomes(Subject("client", client.id)) == ["matched"]


def test_with_the_policy_hold_a_client_waits_for_a_person(books: Books) -> None:
    weather.rule(books, client_missing=WhenClientMissing.HOLD)
    invoice = books.invoice()
    message = weather.message_of(invoice)
    assert (message.state, message.blocker) == (PARKED, f"client:{books.firm.acme.id}")


def test_of_two_clients_with_one_name_the_second_is_held(books: Books) -> None:
    twins = [client_of(books, "Twin Ltd"), client_of(books, "twin ltd")]
    weather.rule(books, paused_at=clock.now())
    invoices = [books.firm.open(client=twin) for twin in twins]
    weather.rule(books, paused_at=None)
    books.send()
    assert [weather.state(invoice) for invoice in invoices] == [DONE, WAITING]
    assert len(customers(books, "Twin Ltd")) == 1
    assert "Another client is called" in weather.reason(Subject("client", twins[1].id))


def test_twins_far_apart_in_the_queue_are_found_too(books: Books) -> None:
    books.invoice()
    weather.rule(books, paused_at=clock.now())
    twins = [client_of(books, "Twin Ltd"), client_of(books, "Twin Ltd")]
    kinds = [Subject("client", twins[0].id), *_links_of_many(books, 29), Subject("client", twins[1].id)]
    _ask_for(books, kinds)
    weather.rule(books, paused_at=None)
    books.send()
    assert len(customers(books, "Twin Ltd")) == 1
    assert [weather.state(Subject("client", twin.id)) for twin in twins] == [DONE, PARKED]


def _links_of_many(books: Books, count: int) -> list[Subject]:
    """Clients of whom there is nothing to tell."""
    return [
        Subject("service", books.firm.support.id),
        *[Subject("client", client_of(books, f"C{n}").id) for n in range(count)],
    ]


def _ask_for(books: Books, subjects: list[Subject]) -> None:
    with transaction():
        for subject in subjects:
            tray.post(subject, books.firm.entity.lane, asked=True)


def test_a_new_name_lets_the_held_twin_go(books: Books) -> None:
    first, second = client_of(books, "Twin Ltd"), client_of(books, "Twin Ltd")
    books.invoice(client=first)
    invoice = books.invoice(client=second)
    assert weather.state(invoice) is WAITING
    with transaction():
        catalogue.change_client(db.session.get_one(Client, second.id), ClientFields(name="Twin (York)"), actor=ANN)
    books.send()
    assert weather.state(invoice) is DONE


def test_editing_a_client_that_quickbooks_does_not_know_tells_nobody(books: Books) -> None:
    client = client_of(books, "Quiet Ltd")
    with transaction():
        catalogue.change_client(client, ClientFields(name="Quiet Ltd", phone="1"), actor=ANN)
    books.send()
    assert (customers(books, "Quiet Ltd"), weather.state(Subject("client", client.id))) == ([], CANCELLED)


def test_editing_a_service_that_nobody_waits_for_neither_makes_an_item_nor_bothers_the_owners(books: Books) -> None:
    hold_services(books)
    with transaction():
        service = catalogue.create_service(ServiceFields(code="NEW", name="New"), actor=ANN)
        catalogue.change_service(service, ServiceFields(code="NEW", name="Newer"), actor=ANN)
    books.send()
    assert weather.state(Subject("service", service.id)) is CANCELLED
    assert ("NEW" in items(books), list(db.session.scalars(select(Mail)))) == (False, [])


def test_an_edit_of_a_client_that_a_document_waits_for_leaves_it_not_waiting_for_ever(books: Books) -> None:
    weather.rule(books, paused_at=clock.now())
    client = client_of(books, "Slow Ltd")
    invoice = books.firm.open(client=client)
    with transaction():
        catalogue.change_client(client, ClientFields(name="Slow Ltd", phone="2"), actor=ANN)
    weather.rule(books, paused_at=None)
    books.send()
    assert weather.state(invoice) is DONE


def test_a_state_that_is_entered_later_is_told_and_without_one_the_body_stays_as_it_was(books: Books) -> None:
    with transaction():
        client = catalogue.create_client(ClientFields(name="Lone Star", city="Austin", postcode="78701"), actor=ANN)
    books.invoice(client=client)
    before = bill_address(books, "Lone Star")
    assert before == {"City": "Austin", "PostalCode": "78701", "Country": "GB"}
    with transaction():
        moved = ClientFields(name="Lone Star", city="Austin", region="TX", postcode="78701", country="US")
        catalogue.change_client(db.session.get_one(Client, client.id), moved, actor=ANN)
    books.send()
    assert bill_address(books, "Lone Star") == before | {"CountrySubDivisionCode": "TX", "Country": "US"}


def bill_address(books: Books, name: str) -> dict[str, str]:
    (row,) = (row for row in weather.there(books, "Customer") if row["DisplayName"] == name)
    return {part: str(text) for part, text in row["BillAddr"].items() if part != "Id"}


def test_a_customer_that_was_only_matched_is_not_overwritten(books: Books) -> None:
    client = client_of(books, "Harbour Cafe")
    books.invoice(client=client)
    weather.forget(books)
    with transaction():
        catalogue.change_client(db.session.get_one(Client, client.id), ClientFields(name="Harbour Café"), actor=ANN)
    books.send()
    assert weather.counts(books)["writes"] == 0


def test_a_service_matched_by_code_is_mapped_to_the_item_that_is_there(books: Books) -> None:
    weather.make_there(books, "Item", Name="CODE9", Type="Service", IncomeAccountRef={"value": "1"})
    with transaction():
        service = catalogue.create_service(ServiceFields(code="CODE9", name="Nine"), actor=ANN)
    draft = books.firm.draft(replace(books.firm.line(), service_id=service.id))
    with transaction():
        invoicing.open_document(draft, actor=ANN)
    books.send()
    assert (weather.state(draft), items(books).count("CODE9")) == (DONE, 1)
