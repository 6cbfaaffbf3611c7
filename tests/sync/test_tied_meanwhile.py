"""What is linked while an envelope is being decided is not made a second time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from app.foundation.database import transaction
from app.outbox.models import Subject
from app.quickbooks import catalogue
from app.sync import linking, mapping, payment_looking
from app.sync.decisions import Tell
from app.sync.engine import Turn
from app.sync.links import link_of
from app.sync.mappings import MappingKind
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books, connection
from tests.sync.payment_desk import record, telling, there
from tests.sync.test_payment_twins import typed_there

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
            mapping.choose(connection(books), MappingKind.SERVICE, support, wanted, by="Olivia")

    books.firm.open()
    meanwhile("Item", choose)
    books.send()
    assert len(weather.there(books, "Item")) == len(items)
