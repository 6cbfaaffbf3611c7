"""The look before a payment is told for the first time, and what may happen while it is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.foundation import clock
from app.foundation.database import db, transaction
from app.outbox.models import MessageState
from app.quickbooks import catalogue
from app.quickbooks.ports import Http, HttpAnswer, HttpRequest
from app.quickbooks.realm import Governor
from app.sync.engine import Turn
from app.sync.judging.decisions import Tell
from app.sync.mapping import linking
from app.sync.payments import looking as payment_looking
from app.sync.records.links import LinkMade
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books, connection
from tests.sync.payment_desk import link, record, telling, there
from tests.sync.payments.test_twins import typed_there


@pytest.fixture
def books(books: Books) -> Books:
    """Payments recorded here go to the bank account."""
    return telling(books)


def test_one_linked_by_its_webhook_during_the_look_is_left_alone(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    invoice = books.invoice()
    record(books, 100, reference="THE FIRST")
    books.send()
    remote_id = typed_there(books, invoice, "120.00")
    payment = record(books, 12000, (invoice, 12000))
    look = payment_looking._read

    def read(turn: Turn, firsts: list[Tell]) -> object:
        found = look(turn, firsts)
        books.listen()
        return found

    monkeypatch.setattr(payment_looking, "_read", read)
    books.send()
    assert (link(books, payment).remote_id, len(there(books))) == (remote_id, 2)
    assert link(books, payment).told_revision == payment.revision


def test_one_whose_client_was_unlinked_meanwhile_is_found_by_its_marker(books: Books) -> None:
    invoice = books.invoice()
    record(books, 100, reference="THE FIRST")
    books.send()
    with weather.held_clock() as held:
        weather.order(books, "lost_after", kind="payment", count=0)
        payment = record(books, 12000, (invoice, 12000))
        books.send()
        weather.clear(books)
        with transaction():
            linking.unlink_client(connection(books), payment.client_id, actor=ANN)
        held.move(timedelta(hours=13))
        weather.settle_all(books)
    assert (len(there(books)), link(books, payment).made) == (2, LinkMade.ADOPTED)


def test_methods_that_are_used_no_more_are_read_once(books: Books) -> None:
    with transaction() as session:
        method = {"Id": "1", "SyncToken": "1", "Name": "Cash", "Active": False}
        catalogue.note(session, books.connection_id, "PaymentMethod", method)
    payment = record(books, 5000)
    books.send()
    assert link(books, payment).made is LinkMade.CREATED
    assert not catalogue.all_active(books.connection_id, "PaymentMethod")


class Garbler:
    """A line on which the amount of one payment comes in words."""

    def __init__(self, line: Http, amount: bytes) -> None:
        self.line, self.amount = line, amount

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it, and bend the answer."""
        answer = self.line.send(request)
        return (
            replace(answer, body=answer.body.replace(self.amount, b'"one hundred"'))
            if "/query" in request.url
            else answer
        )


def test_one_that_cannot_be_read_holds_up_no_other(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    invoice = books.invoice()
    record(books, 100, reference="THE FIRST")
    books.send()
    typed_there(books, invoice, "77.77")
    sending = books.engine.quickbooks._sending
    monkeypatch.setattr(sending, "_http", Garbler(sending._http, b"77.77"))
    payment = record(books, 12000, (invoice, 12000))
    books.send()
    assert link(books, payment).made is LinkMade.CREATED


def test_while_another_reads_only_the_payments_wait(books: Books) -> None:
    record(books, 100, reference="THE FIRST")
    books.send()
    with weather.held_clock():
        read_elsewhere(books)
        payment, invoice = record(books, 5000), books.firm.open()
        books.send()
        assert (weather.state(payment.subject), weather.state(invoice)) == (MessageState.WAITING, MessageState.DONE)
        assert weather.reason(payment.subject).startswith("QuickBooks has to wait")


def read_elsewhere(books: Books) -> None:
    """Another worker has the company's read slot for half a minute."""
    with transaction() as session:
        governor = session.scalars(db.select(Governor)).one()
        governor.reader, governor.read_over_at = "another", clock.now() + timedelta(seconds=30)
