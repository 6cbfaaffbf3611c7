"""Two who change what belongs to one company: none is ended as a deadlock, none writes over what the other learnt."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from app.billing import invoicing
from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.foundation.database import db, transaction
from app.foundation.tenancy import current_organisation
from app.outbox.models import MessageState, Mode, Priority, Subject
from app.quickbooks.models import ConnectionState
from app.sync.company import connecting
from app.sync.listening import claimed, inbox, pull, unpacking
from app.sync.listening.taking import TAKERS
from app.sync.mapping import linking
from app.sync.records.links import links_of
from app.sync.steering import controls, modes, old_documents
from app.sync.telling.drain import drain
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books, connection
from tests.sync.duet import Act, Duet
from tests.sync.duet import duet as duet  # a fixture

ENDING = r"^UPDATE envelope SET state"
"""The first thing that is written when an answer is taken in."""
LINKS_READ = r"FROM link\s[\s\S]*link\.id IN"
"""Then what is known of the records is read."""


def sends(books: Books) -> Act:
    """A worker tells what is due."""
    organisation, lane = current_organisation(), books.firm.entity.lane
    return lambda: drain(books.engine, organisation, lane)


def disconnects(books: Books) -> Act:
    """A person ends the connection."""
    return lambda: connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")


def opened(books: Books) -> list[int]:
    """Two more invoices, not sent yet, of a client that is known there."""
    books.invoice()
    return [books.firm.open().id for _number in range(2)]


def amended(books: Books) -> Document:
    """An invoice of £100 that is in QuickBooks, and is £150 now."""
    document = books.invoice()
    books.listen()
    amend(books, document)
    return document


def amend(books: Books, document: Document) -> None:
    content = books.firm.content(books.firm.line("150"))
    with transaction():
        invoicing.change(db.session.get_one(Document, document.id), content, actor=ANN, priority=Priority.RUN)


def amends_and_sends(books: Books, document: Document) -> Act:
    """Somebody makes £150 of it, and a worker tells it at once."""

    def act() -> None:
        amend(books, document)
        sends(books)()

    return act


def is_disconnected_with_nothing_under_way(books: Books) -> bool:
    return connection(books).state is ConnectionState.DISCONNECTED and not weather.unanswered()


def numbers_there(books: Books) -> Counter[str]:
    return Counter(record["DocNumber"] for record in weather.there(books))


def test_a_disconnect_waits_for_an_answer_that_is_just_taken_in(books: Books, duet: Duet) -> None:
    opened(books)
    duet.play(sends(books), ENDING, disconnects(books))
    assert duet.problems == []
    assert is_disconnected_with_nothing_under_way(books)


def test_an_answer_waits_for_a_disconnect_that_has_begun(books: Books, duet: Duet) -> None:
    ids = opened(books)
    weather.order(books, "lost_after", kind="batch")
    books.send()
    weather.hurry()
    duet.play(disconnects(books), r"^UPDATE envelope SET", sends(books))
    assert duet.problems == []
    assert is_disconnected_with_nothing_under_way(books)
    books.reconnect()
    with transaction():
        invoicing.ask_to_send([db.session.get_one(Document, number) for number in ids], actor=ANN)
    weather.settle_all(books)
    assert set(numbers_there(books).values()) == {1}


def test_a_disconnect_waits_for_a_lost_answer_that_is_just_put_off(books: Books, duet: Duet) -> None:
    opened(books)
    weather.order(books, "lost_after", kind="batch")
    duet.play(sends(books), r"FROM envelope\s[\s\S]*FOR UPDATE", disconnects(books))
    assert duet.problems == []
    assert is_disconnected_with_nothing_under_way(books)


def test_a_person_who_links_waits_for_a_customer_that_is_just_read_anew(books: Books, duet: Duet) -> None:
    books.invoice()
    books.listen()
    client_id = books.firm.acme.id
    customer = links_of(books.connection_id, linking.CLIENT, [client_id])[client_id].remote_id
    books.simulation.handle("Customer", customer, "edit", Notes="Pays late")

    def links() -> None:
        with transaction():
            linking.link_client(connection(books), client_id, customer, actor=ANN)

    duet.play(books.listen, r"^UPDATE link SET", links)
    assert duet.problems == []
    assert books.effects()[-1] == "Customer “Acme” was read anew."


def edit_there(books: Books, document: Document) -> str:
    """A bookkeeper makes £300 of it; returns its id there."""
    remote_id = books.remote_id(document)
    record = books.simulation.record("Invoice", remote_id)
    sold = record["Line"][0]["SalesItemLineDetail"] | {"UnitPrice": 300, "Qty": 1}
    line = {"DetailType": "SalesItemLineDetail", "Amount": 300, "SalesItemLineDetail": sold}
    books.simulation.handle("Invoice", remote_id, "edit", Line=[line])
    return remote_id


def seen_there(books: Books, document: Document) -> Act:
    """A bookkeeper has edited it; the webhook of that has come and the record was read. Returns the taking in."""
    remote_id = edit_there(books, document)
    for call in books.simulation.webhooks():
        inbox.keep(call.raw, call.headers["intuit-signature"], "test", books.verifiers)
    unpacking.open_deliveries()
    books.hurry()
    told = [event for event in claimed.claim(books.connection_id) if event.remote_id == remote_id]
    found = pull._read(books.engine, books.connection_id, "Invoice", [remote_id])
    return lambda: pull._take_in(TAKERS["Invoice"], books.connection_id, told, found[remote_id])


def test_what_a_webhook_has_told_is_not_written_over_by_an_answer_that_is_older(books: Books, duet: Duet) -> None:
    document = amended(books)
    weather.order(books, "lost_after", kind="invoice", count=0)
    books.send()
    takes_in = seen_there(books, document)
    weather.clear(books)
    weather.hurry()
    duet.play(sends(books), LINKS_READ, takes_in)
    assert duet.problems == []
    seen = books.link(document)
    assert (weather.state(document), seen.sync_token, seen.total_pence) == (MessageState.DONE, "2", 36_000)


def test_an_answer_is_not_written_over_by_what_a_webhook_has_told_before_it(books: Books, duet: Duet) -> None:
    document = amended(books)
    takes_in = seen_there(books, document)
    duet.play(takes_in, r"FROM link\s", sends(books))
    assert duet.problems == []
    weather.settle_all(books)
    seen = books.link(document)
    assert (weather.state(document), seen.sync_token, seen.total_pence) == (MessageState.DONE, "2", 18_000)


def test_a_comparison_does_not_mix_what_it_has_read_with_an_answer_that_is_newer(books: Books, duet: Duet) -> None:
    document = books.invoice()
    books.listen()
    edit_there(books, document)

    duet.play(books.compare, r"FROM document\s[\s\S]*pk_1", amends_and_sends(books, document))
    assert duet.problems == []
    weather.settle_all(books)
    seen = books.link(document)
    assert (weather.state(document), seen.total_pence, seen.difference_pence) == (MessageState.DONE, 18_000, 0)


def test_a_comparison_opens_no_difference_that_an_answer_has_ended_meanwhile(books: Books, duet: Duet) -> None:
    document = books.invoice()
    books.listen()
    edit_there(books, document)

    duet.play(books.compare, r"FROM catalogue\s[\s\S]*active IS false", amends_and_sends(books, document))
    assert duet.problems == []
    assert (weather.state(document), books.link(document).difference_pence) == (MessageState.DONE, 0)
    assert books.drifts() == []


def test_the_mode_is_turned_behind_a_payment_that_is_just_learnt(books: Books, duet: Duet) -> None:
    invoice = books.invoice()
    books.listen()
    books.pay(invoice, "120.00")
    entity_id = books.firm.entity.id

    def turns() -> None:
        with transaction():
            modes.turn(db.session.get_one(BillingEntity, entity_id), Mode.TEST, actor=ANN)

    duet.play(books.listen, r"FROM connection\s[\s\S]*FOR NO KEY UPDATE", turns)
    assert duet.problems == []
    assert books.fresh(invoice).settled_pence == 12_000
    assert db.session.get_one(BillingEntity, entity_id).mode is Mode.TEST


def test_the_mode_is_turned_beside_a_document_that_is_just_amended(books: Books, duet: Duet) -> None:
    document = books.invoice()
    books.listen()
    amend(books, document)
    entity_id = books.firm.entity.id

    def turns() -> None:
        with transaction():
            modes.turn(db.session.get_one(BillingEntity, entity_id), Mode.TEST, actor=ANN)

    duet.play(lambda: amend(books, document), r"FROM message\s[\s\S]*FOR UPDATE", turns)
    assert duet.problems == []
    assert weather.state(document) is MessageState.PARKED


def test_old_documents_are_sent_before_somebody_tries_the_same_again_in_another_order(books: Books, duet: Duet) -> None:
    early, late = opened(books)
    messages = [weather.message_of(Subject("invoice", number)).id for number in (early, late)]
    for message_id in messages:
        controls.cancel(message_id, "Olivia")
    with transaction() as session:
        session.get_one(Document, early).issue_date += timedelta(days=1)
    entity_id = books.firm.entity.id

    def sends_old() -> None:
        with transaction() as session:
            entity = session.get_one(BillingEntity, entity_id)
            old_documents.send_chosen(entity, connection(books), [early, late], actor=ANN)

    duet.play(sends_old, r"^INSERT INTO message", lambda: controls.retry(messages))
    assert duet.problems == []
    assert {weather.state(Subject("invoice", number)) for number in (early, late)} == {MessageState.WAITING}
