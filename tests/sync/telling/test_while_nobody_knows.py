"""What people do, and what clocks do, while nobody knows what became of an envelope."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import delete

from app.billing import invoicing, receiving
from app.billing.document import Document
from app.billing.payment import Payment
from app.foundation.database import transaction
from app.foundation.errors import ConflictError
from app.outbox.models import MessageState
from app.quickbooks.ports import Http, HttpAnswer, HttpRequest, UnknownOutcomeError
from app.quickbooks.transport import RequestsHttp
from app.sync.company import connecting
from app.sync.records.envelopes import Envelope, Member
from app.sync.records.links import LinkMade, LinkState
from app.sync.steering import controls
from app.sync.watching import standing
from app.sync.watching.standing import Place
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books
from tests.sync.catching_up import lose_webhooks
from tests.sync.payment_desk import record, telling
from tests.sync.telling.test_delivering import batched
from tests.sync.telling.test_lookup import half_a_day_later, lose

DONE, SENDING, CANCELLED = MessageState.DONE, MessageState.SENDING, MessageState.CANCELLED


def lost_invoice(books: Books, effect: str) -> Document:
    """One whose sending was lost, so that its envelope waits for its next try."""
    books.invoice()
    lose(books, effect)
    document = books.firm.open()
    books.send()
    assert (weather.state(document), len(weather.unanswered())) == (SENDING, 1)
    return document


def keep_back(books: Books, document: Document) -> None:
    with transaction():
        invoicing.keep_back(books.fresh(document), actor=ANN)


def void(books: Books, document: Document) -> None:
    with transaction():
        invoicing.void(books.fresh(document), "twice", actor=ANN)


def numbers_there(books: Books) -> Counter[str]:
    return Counter(record["DocNumber"] for record in weather.there(books))


@pytest.mark.parametrize("effect", ["lost_after", "lost_before"])
def test_an_opt_out_leaves_what_may_be_there_already_to_its_answer(books: Books, effect: str) -> None:
    document = lost_invoice(books, effect)
    keep_back(books, document)
    assert (weather.state(document), len(weather.unanswered())) == (SENDING, 1)
    weather.clear(books)
    weather.settle_all(books)
    assert numbers_there(books)[str(document.number)] == 1
    assert (weather.state(document), books.link(document).state) == (DONE, LinkState.LIVE)
    assert standing.of_document(books.fresh(document)).place is Place.THERE


def test_an_opt_out_holds_for_what_the_look_up_does_not_find(books: Books) -> None:
    with weather.held_clock() as clock:
        document = lost_invoice(books, "lost_before")
        keep_back(books, document)
        half_a_day_later(books, clock)
    assert numbers_there(books)[str(document.number)] == 0
    assert standing.of_document(books.fresh(document)).place is Place.OPTED_OUT


@pytest.mark.parametrize("effect", ["lost_after", "lost_before"])
def test_a_void_of_one_of_a_batch_that_nobody_knows_of_is_told_behind_it(books: Books, effect: str) -> None:
    books.invoice()
    lose(books, effect, "batch")
    documents = batched(books)
    books.send()
    void(books, documents[1])
    assert len(weather.unanswered()[0].members) == 3
    weather.clear(books)
    weather.settle_all(books)
    assert numbers_there(books) == Counter(str(one.number) for one in [books.firm_invoice(), *documents])
    states = [LinkState.LIVE, LinkState.VOIDED, LinkState.LIVE]
    assert [books.link(document).state for document in documents] == states
    assert {weather.state(document) for document in documents} == {DONE}


def test_a_void_of_one_of_an_old_batch_is_told_where_it_is_found(books: Books) -> None:
    books.invoice()
    with weather.held_clock() as clock:
        lose(books, "lost_after", "batch")
        documents = batched(books)
        books.send()
        void(books, documents[1])
        half_a_day_later(books, clock)
    assert numbers_there(books) == Counter(str(one.number) for one in [books.firm_invoice(), *documents])
    totals = {record["DocNumber"]: record["TotalAmt"] for record in weather.there(books)}
    assert (totals[str(documents[1].number)], books.link(documents[1]).state) == (0, LinkState.VOIDED)


def test_a_void_of_one_of_an_old_batch_that_was_never_made_tells_nothing(books: Books) -> None:
    books.invoice()
    with weather.held_clock() as clock:
        lose(books, "lost_before", "batch")
        documents = batched(books)
        books.send()
        void(books, documents[1])
        half_a_day_later(books, clock)
    assert numbers_there(books)[str(documents[1].number)] == 0
    assert len(weather.there(books)) == 3
    assert weather.state(documents[1]) is not MessageState.PARKED


def test_what_may_be_there_already_can_not_be_taken_back(books: Books) -> None:
    document = lost_invoice(books, "lost_after")
    with pytest.raises(ConflictError):
        controls.cancel(weather.message_of(document).id, "Olivia")
    assert controls.retry([weather.message_of(document).id]) == 0
    assert weather.state(document) is SENDING


def test_an_amendment_of_what_may_be_there_can_be_taken_back_and_what_flies_lands(books: Books) -> None:
    document = lost_invoice(books, "lost_after")
    with transaction():
        invoicing.change(books.fresh(document), books.firm.content(books.firm.line("150")), actor=ANN)
    controls.cancel(weather.message_of(document).id, "Olivia")
    weather.clear(books)
    weather.settle_all(books)
    assert (weather.state(document), books.link(document).told_revision) == (CANCELLED, 1)
    assert numbers_there(books)[str(document.number)] == 1


class Halving:
    """A line that breaks in the middle of the first batch: QuickBooks has done the first half of it."""

    def __init__(self, line: Http) -> None:
        self.line, self.broke = line, False

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it; of the first batch a half, of which no answer comes."""
        if self.broke or not urlsplit(request.url).path.endswith("/batch"):
            return self.line.send(request)
        self.broke = True
        told = json.loads(request.body)
        operations = told["BatchItemRequest"]
        told["BatchItemRequest"] = operations[: len(operations) // 2]
        self.line.send(replace(request, body=json.dumps(told).encode()))
        raise UnknownOutcomeError


def test_of_an_old_batch_that_was_half_made_the_other_half_is_made_once(books: Books) -> None:
    books.invoice()
    books.engine.quickbooks._sending._http = Halving(RequestsHttp())
    with weather.held_clock() as clock:
        documents = batched(books, 6)
        books.send()
        assert (len(weather.there(books)), len(weather.unanswered())) == (4, 1)
        half_a_day_later(books, clock)
    assert set(numbers_there(books).values()) == {1}
    assert len(weather.there(books)) == 7
    assert {weather.state(document) for document in documents} == {DONE}
    assert [books.link(one).made for one in documents] == [LinkMade.ADOPTED] * 3 + [LinkMade.CREATED] * 3


def test_a_clock_that_is_put_back_two_hours_holds_no_envelope_up_for_longer_than_that(books: Books) -> None:
    with weather.held_clock() as clock:
        clock.move(timedelta(hours=3))
        document = lost_invoice(books, "lost_after")
        due_at = weather.unanswered()[0].due_at
        weather.clear(books)
        clock.move(-timedelta(hours=2))
        books.send()
        later = books.firm.open()
        books.send()
        assert (weather.state(later), due_at - clock.now() < timedelta(hours=3)) == (DONE, True)
        clock.move(due_at - clock.now())
        books.send()
        assert (weather.state(document), weather.unanswered()) == (DONE, [])
    assert numbers_there(books)[str(document.number)] == 1


def test_a_payment_is_found_though_the_envelope_of_before_the_disconnect_was_cleared_long_ago(books: Books) -> None:
    telling(books)
    invoice = books.invoice()
    lose(books, "lost_after", "payment")
    payment = record(books, 12_000, (invoice, 12_000))
    books.send()
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    weather.clear(books)
    lose_webhooks(books)
    with transaction() as session:  # as retention does with what was answered
        session.execute(delete(Member))
        session.execute(delete(Envelope))
    books.reconnect()
    with transaction() as session:
        invoicing.ask_to_send([session.get_one(Document, invoice.id)], actor=ANN)
        receiving.ask_to_send(session.get_one(Payment, payment.id), actor=ANN)
    weather.settle_all(books)
    assert (len(weather.there(books)), len(weather.there(books, "Payment"))) == (1, 1)
