"""What is linked while an envelope is being decided is not made a second time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from app.billing import catalogue as clients
from app.billing.catalogue_fields import ClientFields
from app.foundation.database import db, transaction
from app.outbox.models import Subject
from app.quickbooks import catalogue
from app.sync.engine import Turn
from app.sync.judging.decisions import Decision, Due, Match, Tell
from app.sync.judging.facts import Books as Facts
from app.sync.mapping import choosing, linking
from app.sync.payments import looking as payment_looking
from app.sync.records.links import link_of
from app.sync.records.mappings import MappingKind
from app.sync.telling import deciding, filling
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books, connection
from tests.sync.payment_desk import record, telling, there
from tests.sync.payments.test_twins import typed_there

Meanwhile = Callable[[], object]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Meanwhile], None]:
    """Let something happen once, after writes of an entity were decided and before they are stored."""

    def arrange(entity: str, act: Meanwhile) -> None:
        look = payment_looking.new_there
        done: list[str] = []

        def looked(turn: Turn, tells: Sequence[Tell]) -> list[Tell]:
            found = look(turn, tells)
            if not done and any(tell.entity == entity for tell in found):
                done.append(entity)
                act()
            return list(found)

        monkeypatch.setattr(payment_looking, "new_there", looked)

    return arrange


def test_a_payment_whose_twin_arrives_meanwhile_is_not_made_again(
    books: Books, meanwhile: Callable[[str, Meanwhile], None]
) -> None:
    telling(books)
    invoice = books.invoice()
    record(books, 12_000, (invoice, 12_000))

    def typed() -> None:
        typed_there(books, invoice, "120.00")
        books.listen()

    meanwhile("Payment", typed)
    books.send()
    assert len(there(books)) == 1


def test_a_client_that_is_linked_by_hand_meanwhile_gets_no_second_customer(
    books: Books, meanwhile: Callable[[str, Meanwhile], None]
) -> None:
    customers = weather.there(books, "Customer")
    wanted = catalogue.all_active(books.connection_id, "Customer")[0].remote_id
    acme = books.firm.acme.id

    def link() -> None:
        with transaction():
            linking.link_client(connection(books), acme, wanted, actor=ANN)

    books.firm.open()
    meanwhile("Customer", link)
    books.send()
    tie = link_of(books.connection_id, Subject("client", acme))
    assert tie is not None
    assert tie.remote_id == wanted
    assert len(weather.there(books, "Customer")) == len(customers)


def test_a_service_that_is_mapped_meanwhile_gets_no_second_item(
    books: Books, meanwhile: Callable[[str, Meanwhile], None]
) -> None:
    items = weather.there(books, "Item")
    wanted = catalogue.all_active(books.connection_id, "Item")[0].remote_id
    support = books.firm.support.id

    def choose() -> None:
        with transaction():
            choosing.choose(connection(books), MappingKind.SERVICE, support, wanted, by="Olivia")

    books.firm.open()
    meanwhile("Item", choose)
    books.send()
    assert len(weather.there(books, "Item")) == len(items)


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> Callable[[type[Decision], Meanwhile], None]:
    """Let something happen once, after decisions of a kind were made and before they are carried out."""

    def arrange(kind: type[Decision], act: Meanwhile) -> None:
        done: list[str] = []

        def decide(dues: Sequence[Due], company: Facts) -> list[Decision]:
            found = deciding.decide(dues, company)
            if not done and any(isinstance(decision, kind) for decision in found):
                done.append("once")
                db.session.rollback()
                act()
            return found

        monkeypatch.setattr(filling, "decide", decide)

    return arrange


def test_a_customer_whom_a_person_chooses_is_not_put_aside_for_one_of_the_same_name(
    books: Books, decided: Callable[[type[Decision], Meanwhile], None]
) -> None:
    acme = books.firm.acme
    chosen, _same = (weather.make_there(books, "Customer", DisplayName=name) for name in ("Chosen Ltd", acme.name))
    books.listen()

    def link() -> None:
        with transaction():
            linking.link_client(connection(books), acme.id, chosen, actor=ANN)

    decided(Match, link)
    invoice = books.invoice()
    assert books.customer(invoice) == chosen


def test_a_customer_who_becomes_another_client_s_meanwhile_is_left_to_that(
    books: Books, decided: Callable[[type[Decision], Meanwhile], None]
) -> None:
    acme = books.firm.acme
    same = weather.make_there(books, "Customer", DisplayName=acme.name)
    books.listen()
    with transaction():
        other = clients.create_client(ClientFields(name="Acme Holdings"), actor=ANN)

    def link() -> None:
        with transaction():
            linking.link_client(connection(books), other.id, same, actor=ANN)

    decided(Match, link)
    invoice = books.firm.open()
    books.send()
    assert "fault in Counterfoil" not in weather.reason(Subject("client", acme.id))
    assert weather.reason(invoice)


@pytest.mark.parametrize("kind", ["Customer", "Item"])
def test_what_a_person_chooses_while_one_is_being_made_stays(books: Books, kind: str) -> None:
    """The answer is lost, so that a person has the time."""
    wanted = catalogue.all_active(books.connection_id, kind)[0].remote_id
    with weather.held_clock() as clock:
        weather.order(books, "lost_after", kind="batch")
        invoice = books.firm.open()
        books.send()
        with transaction():
            if kind == "Customer":
                linking.link_client(connection(books), books.firm.acme.id, wanted, actor=ANN)
            else:
                choosing.choose(connection(books), MappingKind.SERVICE, books.firm.support.id, wanted, by="Olivia")
        clock.move(timedelta(minutes=5))
        weather.settle_all(books)
    there = books.simulation.record("Invoice", books.remote_id(invoice))
    item = there["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"]
    assert (there["CustomerRef"]["value"] if kind == "Customer" else item) == wanted
