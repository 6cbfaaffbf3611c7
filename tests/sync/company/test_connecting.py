"""Disconnecting cancels what waits; a permission that is lost is told the owners once."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.billing import invoicing
from app.billing.entities import EntityFields, found_entity
from app.billing.entity import BillingEntity
from app.foundation.database import db, end_reading, transaction
from app.foundation.errors import ConflictError
from app.foundation.mail import Mail
from app.foundation.tenancy import current_organisation
from app.outbox.models import MessageState
from app.quickbooks.errors import RealmTakenError, ReconnectNeeded
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.ports import HttpAnswer, HttpRequest
from app.sync.company import connecting
from app.sync.company.connecting import Returned
from app.sync.records.links import Link
from app.sync.records.policies import WhenClientMissing
from app.sync.steering import old_documents
from tests.billing.firm import ANN
from tests.quickbooks.crowd import at_once
from tests.simulation import REALM
from tests.sync import weather
from tests.sync.another_company import accept_another, another_company
from tests.sync.books import Books, connection


def lost_mails() -> list[Mail]:
    end_reading()
    return list(db.session.scalars(select(Mail).where(Mail.occasion.startswith("lost:"))))


def lose_permission(books: Books) -> None:
    books.simulation.control(f"companies/{REALM}/disconnect")
    books.firm.open()
    books.send()


def reconnect(books: Books) -> None:
    told = books.simulation.grant()
    grant = connecting.granted(told["access_token"], told["refresh_token"])
    connecting.tie_without_browser(books.engine.quickbooks, books.firm.entity, REALM, grant)


def test_a_lost_permission_is_told_the_owners_once(books: Books) -> None:
    books.invoice()
    lose_permission(books)
    books.send()
    (mail,) = lost_mails()
    assert (mail.recipient, connection(books).state) == ("olivia@northgate-it.example", ConnectionState.RECONNECT)


def test_connecting_again_keeps_everything_and_sends_what_waited(books: Books) -> None:
    books.invoice()
    lose_permission(books)
    reconnect(books)
    weather.settle_all(books)
    assert (len(weather.there(books)), weather.unanswered()) == (2, [])


def test_a_disconnect_cancels_what_waits_and_clears_links(books: Books) -> None:
    invoice = books.invoice()
    weather.order(books, "lost_before", kind="invoice", count=0)
    flying = books.firm.open()
    books.send()
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    assert weather.state(flying) is MessageState.CANCELLED
    assert (weather.unanswered(), list(db.session.scalars(select(Link)))) == ([], [])
    assert weather.state(invoice) is MessageState.DONE


class Disconnecting:
    """A line during whose call somebody disconnects."""

    def __init__(self, books: Books) -> None:
        self.books, self.line = books, books.engine.quickbooks._sending._http

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it; when it is back the connection is gone."""
        answer = self.line.send(request)
        self.books.engine.quickbooks._sending._http = self.line
        connecting.disconnect(self.books.engine.quickbooks, self.books.connection_id, by="Olivia")
        return answer


def test_an_answer_that_comes_behind_a_disconnect_ties_nothing(books: Books) -> None:
    books.invoice()
    invoice = books.firm.open()
    books.engine.quickbooks._sending._http = Disconnecting(books)
    books.send()
    assert weather.state(invoice) is MessageState.CANCELLED
    assert list(db.session.scalars(select(Link))) == []


def test_what_hangs_on_a_connection_is_counted_before_it_is_cleared(books: Books) -> None:
    books.invoice()
    weather.rule(books, automatic_push=True)
    with transaction():
        clearing = connecting.clearing(connection(books))
    assert (clearing.links["invoice"], clearing.waiting) == (1, 0)


def test_links_are_counted_no_further_than_anybody_reads(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "COUNTED", 1)
    for _each in range(3):
        books.invoice()
    with transaction():
        assert connecting.clearing(connection(books)).links == {"client": 1, "invoice": 2}


class DisconnectingAndOpening(Disconnecting):
    """Behind the disconnect somebody opens an invoice, while the same drain goes on."""

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it; when it is back there is a new invoice, and no connection."""
        answer = super().send(request)
        self.opened = self.books.firm.open()
        end_reading()
        return answer


def test_what_is_opened_behind_a_disconnect_gets_no_envelope_that_nobody_would_answer(books: Books) -> None:
    books.invoice()
    books.firm.open()
    line = books.engine.quickbooks._sending._http = DisconnectingAndOpening(books)
    books.send()
    assert weather.unanswered() == []
    books.send()  # as the sweep asks for it
    assert weather.state(line.opened) is MessageState.SKIPPED


def second_entity() -> BillingEntity:
    """Another billing entity of the same organisation."""
    with transaction():
        return found_entity(EntityFields(name="Northgate Ireland"))


def consent(books: Books, entity: BillingEntity) -> int:
    """Somebody consents at Intuit to tie the company to an entity, and comes back; the id of the connection."""
    address = "http://127.0.0.1:8000/quickbooks/callback"
    sent_back = books.simulation.control(f"companies/{REALM}/authorize", {"redirect_uri": address})
    returned = Returned(sent_back["code"], REALM, address)
    return connecting.receive(books.engine.quickbooks, entity, 1, returned)


def test_a_company_that_is_taken_is_refused_before_its_permission_is_replaced(books: Books) -> None:
    books.invoice()
    with pytest.raises(RealmTakenError):
        consent(books, second_entity())
    assert weather.state(books.invoice()) is MessageState.DONE
    assert connection(books).state is ConnectionState.ACTIVE


def test_a_no_to_a_company_that_another_entity_uses_by_now_leaves_it_its_permission(books: Books) -> None:
    quickbooks = books.engine.quickbooks
    connecting.disconnect(quickbooks, books.connection_id, by="Olivia")
    waiting = consent(books, second_entity())
    refresh = quickbooks.tokens.refresh_token(db.session.get_one(Connection, waiting))
    shared = connecting.granted(quickbooks.tokens.access_token(waiting).value, refresh.value)
    connecting.tie_without_browser(quickbooks, books.firm.entity, REALM, shared)
    connecting.cancel(quickbooks, waiting)
    assert weather.state(books.invoice()) is MessageState.DONE


def test_what_flew_to_one_company_is_asked_about_for_the_next_and_never_stuck(books: Books) -> None:
    books.invoice()
    weather.order(books, "lost_before", kind="invoice", count=0)
    flying = books.firm.open()
    books.send()
    other = another_company(books)
    with pytest.raises(ReconnectNeeded):  # its lists can't be read: the simulator has no such company
        connecting.accept(books.engine.quickbooks, other)
    assert (weather.state(flying), weather.unanswered()) == (MessageState.WAITING, [])
    with transaction() as session:
        session.get_one(Connection, other).state = ConnectionState.ACTIVE
    books.send()
    assert weather.state(flying) is MessageState.SKIPPED
    assert old_documents.question(books.firm.entity) == 2


def test_what_flew_to_a_company_is_looked_for_there_once_that_is_connected_again(books: Books) -> None:
    books.simulation.control("switches", {"duplicate_number": "accept"})
    books.invoice()
    weather.order(books, "lost_after", kind="invoice", count=0)
    flown = books.firm.open()
    books.send()
    weather.clear(books)
    accept_another(books)
    books.reconnect()
    with transaction():
        invoicing.ask_to_send([books.fresh(flown)], actor=ANN)
    weather.settle_all(books)
    assert (weather.state(flown), len(weather.there(books))) == (MessageState.DONE, 2)


class Slow:
    """A line to Intuit that is slow to give a permission back: another company is accepted meanwhile."""

    def __init__(self, books: Books) -> None:
        self.books, self.line = books, books.engine.quickbooks.oauth._http

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Let another company in, and open an invoice for it; then send it."""
        self.books.engine.quickbooks.oauth._http = self.line
        accept_another(self.books)
        self.opened = self.books.firm.open()
        end_reading()
        return self.line.send(request)


def test_a_slow_disconnect_takes_nothing_from_the_company_that_came_meanwhile(books: Books) -> None:
    line = books.engine.quickbooks.oauth._http = Slow(books)
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    assert weather.state(line.opened) is MessageState.WAITING


def test_what_was_held_for_the_sake_of_one_company_is_asked_about_for_the_next(books: Books) -> None:
    books.invoice()
    weather.rule(books, client_missing=WhenClientMissing.HOLD)
    held = books.firm.open(client=books.firm.bolt)
    books.send()
    assert weather.state(held) is MessageState.PARKED
    accept_another(books)
    books.send()
    assert (weather.state(held), old_documents.question(books.firm.entity)) == (MessageState.SKIPPED, 2)


def test_what_a_person_asked_for_was_meant_for_the_company_before_and_is_asked_about_anew(books: Books) -> None:
    weather.rule(books, automatic_push=False)
    waiting = books.firm.open()
    with transaction():
        invoicing.ask_to_send([books.fresh(waiting)], actor=ANN)
    accept_another(books)
    books.send()
    assert weather.state(waiting) is MessageState.SKIPPED
    assert (weather.reason(waiting) != "", old_documents.question(books.firm.entity)) == (True, 1)


def test_the_permission_to_use_the_company_before_is_given_back(books: Books) -> None:
    token = books.engine.quickbooks.tokens.refresh_token(connection(books))
    keys = books.engine.quickbooks.apps.app_for(connection(books))
    accept_another(books)
    with pytest.raises(ReconnectNeeded):
        books.engine.quickbooks.oauth.refresh(keys, token)


def test_of_two_clicks_on_use_one_accepts_and_the_other_is_told(app: Flask, books: Books) -> None:
    other = another_company(books)

    def use() -> str:
        try:
            connecting.accept(books.engine.quickbooks, other)
        except (ConflictError, ReconnectNeeded) as problem:
            return type(problem).__name__
        return "accepted"

    # Whoever accepts goes on to read the lists, which the simulator refuses for a company it does not have.
    assert sorted(at_once(app, current_organisation(), [use, use])) == ["ConflictError", "ReconnectNeeded"]
