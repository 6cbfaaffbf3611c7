"""Matching clients on screen: suggestions with their reasons, all of the same name at once, and the way back."""

from __future__ import annotations

import pytest

from app.billing.client import Client
from app.foundation.database import db
from app.outbox.models import Subject
from app.quickbooks import catalogue
from app.sync.links import link_of
from tests.sync import weather
from tests.sync.books import Books, connection
from tests.web.walking import Walker, words

PAGE = "/settings/quickbooks/clients"


def read_lists(books: Books) -> None:
    catalogue.refresh(books.engine.quickbooks, books.connection_id)


@pytest.fixture
def customers(books: Books) -> dict[str, str]:
    """Acme is there under its name, Bolt with another legal form; {name: id}."""
    names = ("Acme", "Bolt Limited", "Stranger")
    ids = {name: weather.make_there(books, "Customer", DisplayName=name) for name in names}
    read_lists(books)
    return ids


def linked_to(books: Books, client: Client) -> str:
    db.session.rollback()
    link = link_of(connection(books).id, Subject("client", client.id))
    return link.remote_id if link else ""


def test_suggestions_come_with_their_reasons(books: Books, adam: Walker, customers: dict[str, str]) -> None:
    page = words(adam.get(PAGE).text)
    assert "Acme? Same name" in page
    assert "Bolt Limited? Same name but for its legal form" in page


def test_all_of_the_same_name_are_linked_at_once(books: Books, adam: Walker, customers: dict[str, str]) -> None:
    assert "1 client linked." in words(adam.follow(f"{PAGE}/confirm"))
    assert (linked_to(books, books.firm.acme), linked_to(books, books.firm.bolt)) == (customers["Acme"], "")


def test_a_suggestion_is_linked_and_nobody_is_made_twice(books: Books, adam: Walker, customers: dict[str, str]) -> None:
    bolt = books.firm.bolt
    adam.follow(f"{PAGE}/{bolt.id}", remote_id=customers["Bolt Limited"])
    books.invoice(client=bolt)
    there = weather.there(books, "Customer")
    assert linked_to(books, bolt) == customers["Bolt Limited"]
    assert [row["DisplayName"] for row in there if str(row["DisplayName"]).startswith("Bolt")] == ["Bolt Limited"]


def test_whoever_is_called_quite_otherwise_is_found_by_searching(
    books: Books, adam: Walker, customers: dict[str, str]
) -> None:
    bolt = books.firm.bolt
    assert f"pick-{customers['Stranger']}" in adam.get(f"{PAGE}/{bolt.id}?search=strang").text
    adam.follow(f"{PAGE}/{bolt.id}", remote_id=customers["Stranger"])
    assert linked_to(books, bolt) == customers["Stranger"]


def test_a_customer_of_another_client_is_refused_with_the_reason(
    books: Books, adam: Walker, customers: dict[str, str]
) -> None:
    adam.follow(f"{PAGE}/confirm")
    page = adam.follow(f"{PAGE}/{books.firm.bolt.id}", remote_id=customers["Acme"])
    assert "is linked to your client “Acme” already" in page
    assert linked_to(books, books.firm.bolt) == ""


def test_a_link_is_taken_back(books: Books, adam: Walker, customers: dict[str, str]) -> None:
    adam.follow(f"{PAGE}/confirm")
    assert "The link was taken back" in adam.follow(f"{PAGE}/{books.firm.acme.id}", remote_id="")
    assert linked_to(books, books.firm.acme) == ""


def test_a_customer_that_was_made_inactive_is_shown_as_broken(
    books: Books, adam: Walker, customers: dict[str, str]
) -> None:
    adam.follow(f"{PAGE}/confirm")
    books.simulation.handle("Customer", customers["Acme"], "edit", Active=False)
    read_lists(books)
    assert "inactive or gone" in adam.get(f"{PAGE}?tab=broken").text


def test_the_linked_are_searched_and_the_counts_are_of_all(
    books: Books, adam: Walker, customers: dict[str, str]
) -> None:
    for client, name in ((books.firm.acme, "Acme"), (books.firm.bolt, "Bolt Limited")):
        adam.follow(f"{PAGE}/{client.id}", remote_id=customers[name])
    page = words(adam.get(f"{PAGE}?tab=linked&search=BOL").text)
    assert "Linked 2" in page
    assert "Bolt Bolt Limited Linked by hand" in page
    assert "Acme" not in page.partition("Linked 2")[2]


def test_whoever_only_reads_sees_and_changes_nothing(books: Books, rhea: Walker, customers: dict[str, str]) -> None:
    page = rhea.get(PAGE).text
    assert "Acme?" in words(page)
    assert "Link<span" not in page
    assert rhea.post(f"{PAGE}/confirm").status_code == 403
