"""Where each client stands on the page that matches clients, and how many stand there."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from app.billing.client import Client
from app.billing.entities import EntityFields, found_entity
from app.billing.entity import TaxRegime
from app.foundation.database import db, transaction
from app.quickbooks import catalogue
from app.sync.mapping import client_bench, linking, skipped
from app.sync.mapping.client_bench import ClientBench, ClientTab
from app.sync.mapping.skipped import SkippedKind
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books, connection


@pytest.fixture
def there(books: Books) -> dict[str, str]:
    """Acme is there under its name; {name: id}."""
    ids = {name: weather.make_there(books, "Customer", DisplayName=name) for name in ("Acme", "Stranger")}
    catalogue.refresh(books.engine.quickbooks, books.connection_id)
    return ids


def bench(books: Books) -> ClientBench:
    db.session.rollback()
    return client_bench.bench(books.firm.entity, connection(books))


def counts(books: Books) -> dict[str, int]:
    return {tab.value: number for tab, number in bench(books).counts.items() if number}


def add(**client: object) -> int:
    with transaction() as session:
        row = Client(**client)
        session.add(row)
        session.flush()
        return row.id


def skip(books: Books, client_id: int) -> None:
    with transaction():
        skipped.skip(books.connection_id, SkippedKind.CLIENT, client_id, by="Olivia")


def test_each_client_in_use_stands_under_one_tab(books: Books, there: dict[str, str]) -> None:
    add(name="Gone", active=False)
    linked = add(name="Linked")
    with transaction():
        linking.link_client(connection(books), linked, there["Stranger"], actor=ANN)
    skip(books, add(name="Aside"))
    assert counts(books) == {"suggested": 1, "unlinked": 1, "linked": 1, "skipped": 1}
    assert [row.name for row in bench(books).everyone()] == ["Acme", "Aside", "Bolt", "Linked"]


def test_who_is_put_aside_claims_nobody(books: Books, there: dict[str, str]) -> None:
    twin = add(name="ACME")
    assert counts(books) == {"unlinked": 3}
    skip(books, twin)
    assert counts(books) == {"suggested": 1, "unlinked": 1, "skipped": 1}
    assert bench(books).exact == [(books.firm.acme.id, there["Acme"])]


def test_who_was_put_aside_and_linked_all_the_same_is_linked(books: Books, there: dict[str, str]) -> None:
    skip(books, books.firm.acme.id)
    with transaction():
        linking.link_client(connection(books), books.firm.acme.id, there["Acme"], actor=ANN)
    assert counts(books) == {"unlinked": 1, "linked": 1}


def test_who_is_only_called_alike_does_not_rival_who_is_called_the_same(books: Books, there: dict[str, str]) -> None:
    weather.make_there(books, "Customer", DisplayName="Northern Dental Practice")
    catalogue.refresh(books.engine.quickbooks, books.connection_id)
    same, alike = add(name="Northern Dental Practice"), add(name="Northern Dental Practise")
    found = bench(books)
    assert found.row(same).tab is ClientTab.SUGGESTED
    assert found.row(alike).tab is ClientTab.UNLINKED


def test_who_another_entity_bills_is_not_asked_about_here(books: Books, there: dict[str, str]) -> None:
    with transaction():
        dublin = found_entity(EntityFields(name="Northgate Dublin", tax_regime=TaxRegime.UK))
        books.firm.bolt.billing_entity_id = dublin.id
    assert counts(books) == {"suggested": 1}


@pytest.mark.parametrize("tab", [ClientTab.UNLINKED, ClientTab.SKIPPED, ClientTab.LINKED])
def test_a_tab_is_searched_by_every_word_in_name_address_and_postcode(
    books: Books, there: dict[str, str], tab: ClientTab
) -> None:
    wanted = add(name="Harbour Oak", email="pay@harbour.example", postcode="YO1 7HH")
    if tab is ClientTab.SKIPPED:
        skip(books, wanted)
    if tab is ClientTab.LINKED:
        with transaction():
            linking.link_client(connection(books), wanted, there["Stranger"], actor=ANN)
    found = bench(books)
    for search in ("oak HARB", "pay@", "yo1 harbour"):
        assert [row.client_id for row in found.page(tab, search=search).rows] == [wanted]
    assert found.page(tab, search="harbour elm").rows == []


def test_another_name_is_compared_anew(books: Books, there: dict[str, str]) -> None:
    assert counts(books) == {"suggested": 1, "unlinked": 1}
    with transaction():
        books.firm.bolt.name = "Stranger"
    assert counts(books) == {"suggested": 2}
    books.simulation.handle("Customer", there["Acme"], "edit", DisplayName="Somebody")
    catalogue.refresh(books.engine.quickbooks, books.connection_id)
    assert counts(books) == {"suggested": 1, "unlinked": 1}


def test_many_clients_ask_no_more_questions_than_a_few(books: Books, there: dict[str, str]) -> None:
    def asked() -> int:
        sent: list[str] = []
        hear = lambda *told: sent.append(told[2])  # noqa: E731 - the ear must be one object, to be taken off again
        event.listen(db.engine, "before_cursor_execute", hear)
        try:
            found = bench(books)
            assert len(found.page(ClientTab.UNLINKED).rows) == min(found.counts[ClientTab.UNLINKED], 50)
        finally:
            event.remove(db.engine, "before_cursor_execute", hear)
        return len(sent)

    few = asked()
    with transaction() as session:
        session.add_all(Client(name=f"Somebody {number}") for number in range(120))
    assert asked() == few
