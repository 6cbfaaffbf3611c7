"""Trying again, taking back, pausing and resuming; each with the name of whoever did it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.billing import invoicing
from app.billing.document import Document
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError, ConflictError
from app.outbox.models import Message, MessageState, Subject
from app.sync.comparing.drifts import ReconciliationRun
from app.sync.records.policies import policy_of
from app.sync.steering import controls
from app.sync.watching import standing
from app.sync.watching.standing import Place
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books, connection


def message_of(document: Document) -> Message:
    db.session.rollback()
    about = select(Message).where(Message.kind == document.kind.value, Message.subject_id == document.id)
    return db.session.scalars(about.order_by(Message.id.desc())).first()  # type: ignore[return-value]


def refused(books: Books) -> Document:
    """An invoice that QuickBooks refused once."""
    fault = {"effect": "fault", "method": "POST", "kind": "invoice", "operation": "create", "code": "6000"}
    books.simulation.control("faults", {**fault, "message": "m", "detail": "The amounts do not add up."})
    document = books.firm.open()
    books.send()
    assert message_of(document).state is MessageState.PARKED
    return document


def test_what_was_refused_is_sent_when_somebody_tries_again(books: Books) -> None:
    document = refused(books)
    assert controls.retry([message_of(document).id]) == 1
    books.send()
    assert books.link(document)


def test_what_was_skipped_is_posted_anew_as_asked_for(books: Books) -> None:
    with transaction():
        policy_of(books.connection_id).automatic_push = False
    document = books.firm.open()
    books.send()
    assert message_of(document).state is MessageState.SKIPPED
    assert controls.retry([message_of(document).id]) == 1
    books.send()
    assert books.link(document)


def test_what_is_done_is_not_made_twice_by_trying_again(books: Books) -> None:
    document = books.invoice()
    controls.retry([message_of(document).id])
    books.send()
    assert books.simulation.look("companies/9341450000000001/counts")["Invoice"]["live"] == 1


def test_an_opted_out_document_stays_out_whoever_tries(books: Books) -> None:
    document = books.firm.draft()
    with transaction():
        invoicing.keep_back(document, actor=ANN)
        invoicing.open_document(document, actor=ANN)
    books.send()
    controls.retry(list(db.session.scalars(select(Message.id))))
    books.send()
    assert standing.of_document(books.fresh(document)).place is Place.OPTED_OUT


def test_what_waits_can_be_taken_back_with_a_name(books: Books) -> None:
    document = books.firm.open()
    controls.cancel(message_of(document).id, "Olivia")
    books.send()
    found = standing.of_document(books.fresh(document))
    assert (found.place, found.sentence) == (Place.NOT_SENT, "Taken back by Olivia.")


def test_an_invoice_goes_on_when_the_client_it_waits_for_is_taken_back(books: Books) -> None:
    weather.order(books, "member_fault", kind="batch", member=1, code="2010")
    document = books.firm.open()
    books.send()
    client = weather.message_of(Subject("client", books.firm.acme.id))
    assert (client.state, weather.state(document)) == (MessageState.PARKED, MessageState.WAITING)
    controls.cancel(client.id, "Olivia")
    books.send()
    assert weather.state(document) is MessageState.DONE


def test_what_flies_is_left_to_land(books: Books) -> None:
    document = books.firm.open()
    message_id = message_of(document).id
    with transaction() as session:
        session.get_one(Message, message_id).state = MessageState.SENDING
    with pytest.raises(ConflictError):
        controls.cancel(message_of(document).id, "Olivia")


def test_a_paused_lane_sends_nothing_and_says_who_paused_it(books: Books) -> None:
    controls.pause(connection(books), ANN, "year end")
    document = books.firm.open()
    books.send()
    assert standing.of_document(books.fresh(document)).sentence == "The sync is paused by Ann: year end"
    controls.resume(connection(books), ANN)
    books.send()
    assert books.link(document)


def test_a_pause_needs_a_reason(books: Books) -> None:
    with pytest.raises(BadInputError):
        controls.pause(connection(books), ANN, "  ")


def test_who_paused_and_resumed_is_remembered(books: Books) -> None:
    controls.pause(connection(books), ANN, "year end")
    controls.resume(connection(books), ANN)
    controls.resume(connection(books), ANN)
    said = [(control.who, control.sentence) for control in controls.history(connection(books))]
    assert said[:2] == [("Ann", "Resumed the sync"), ("Ann", "Paused the sync: year end")]


def test_a_second_wish_to_compare_leads_to_the_run_under_way(books: Books) -> None:
    first = controls.compare_now(connection(books), "Olivia")
    assert controls.compare_now(connection(books), "Adam") == first
    assert len(list(db.session.scalars(select(ReconciliationRun)))) == 1
