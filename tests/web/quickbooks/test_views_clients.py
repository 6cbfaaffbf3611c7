"""Matching clients on screen: suggestions with their reasons, all of the same name at once, and the way back."""

from __future__ import annotations

import pytest

from app.billing.client import Client
from app.foundation.database import db, transaction
from app.outbox.models import Subject
from app.quickbooks import catalogue
from app.sync.mapping import linking
from app.sync.records.links import link_of
from app.sync.records.policies import WhenClientMissing, policy_of
from tests.sync import weather
from tests.sync.books import Books, connection
from tests.web.elements import Reading
from tests.web.quickbooks.desk import counts
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


def test_what_becomes_of_a_client_without_a_customer_is_said_as_the_policy_has_it(books: Books, adam: Walker) -> None:
    read_lists(books)
    assert "Matched or created when used" in words(adam.get(f"{PAGE}?tab=unlinked").text)
    with transaction():
        policy_of(books.connection_id).client_missing = WhenClientMissing.HOLD
    page = words(adam.get(f"{PAGE}?tab=unlinked").text)
    assert ("Not linked" in page, "Nobody yet" in page, "Matched or created" in page) == (True, True, False)


def swap(walker: Walker, path: str, **fields: str) -> str:
    """Send a form as htmx does; the row that comes back."""
    form = {"csrf_token": walker.token, **fields}
    return walker.browser.post(path, data=form, headers={"HX-Request": "true"}).text


def linked_to(books: Books, client: Client) -> str:
    db.session.rollback()
    link = link_of(connection(books).id, Subject("client", client.id))
    return link.remote_id if link else ""


def test_suggestions_come_with_their_reasons(books: Books, adam: Walker, customers: dict[str, str]) -> None:
    page = words(adam.get(PAGE).text)
    assert "Acme? Same name" in page
    assert "Bolt Limited? Same name but for its legal form" in page


def test_in_a_row_those_called_alike_are_offered_and_the_row_comes_back(
    books: Books, adam: Walker, customers: dict[str, str]
) -> None:
    bolt = books.firm.bolt
    row = adam.fragment(f"{PAGE}/{bolt.id}").text
    assert row.startswith("<tr")
    assert f"pick-{bolt.id}-{customers['Bolt Limited']}" in row
    assert f"pick-{bolt.id}-{customers['Acme']}" not in row
    assert "Bolt Limited?" in adam.fragment(f"{PAGE}/{bolt.id}/row").text
    linked = swap(adam, f"{PAGE}/{bolt.id}", remote_id=customers["Bolt Limited"])
    assert "Linked to the customer “Bolt Limited”." in words(linked)
    assert "Unlink" in linked


def test_all_of_the_same_name_are_linked_at_once(books: Books, adam: Walker, customers: dict[str, str]) -> None:
    assert "1 client linked." in words(adam.follow(f"{PAGE}/confirm"))
    assert (linked_to(books, books.firm.acme), linked_to(books, books.firm.bolt)) == (customers["Acme"], "")


def test_what_was_linked_at_once_is_taken_back_at_once(books: Books, adam: Walker, customers: dict[str, str]) -> None:
    bolt = books.firm.bolt
    with transaction():
        bolt.name = "Bolt Limited"
    assert "Take back 2 links" in words(adam.follow(f"{PAGE}/confirm"))
    made = linking.last_at_once(books.connection_id)
    assert made is not None
    assert "2 links were taken back." in words(adam.follow(f"{PAGE}/take-back", moment=made.moment.isoformat()))
    assert (linked_to(books, books.firm.acme), linked_to(books, bolt)) == ("", "")
    assert adam.post(f"{PAGE}/take-back", moment="yesterday").status_code == 400


def test_one_that_was_linked_by_itself_is_not_among_them(books: Books, adam: Walker, customers: dict[str, str]) -> None:
    adam.follow(f"{PAGE}/{books.firm.bolt.id}", remote_id=customers["Bolt Limited"])
    assert "Take back" not in adam.follow(f"{PAGE}/confirm")


def test_a_client_is_put_aside_and_taken_up_again(books: Books, adam: Walker, customers: dict[str, str]) -> None:
    bolt = books.firm.bolt
    assert "Skipped 0" in words(adam.get(PAGE).text)
    assert "Skipped by Adam" in words(swap(adam, f"{PAGE}/{bolt.id}/skip", aside="1"))
    page = words(adam.get(f"{PAGE}?tab=skipped").text)
    assert "Skipped 1" in page
    assert "Suggested 1" in page
    assert "Bolt Skipped by Adam" in page
    assert "Taken up again." in words(adam.follow(f"{PAGE}/{bolt.id}/skip", aside=""))
    assert "Suggested 2" in words(adam.get(PAGE).text)


def test_what_the_tabs_count_comes_with_the_row_that_changed(
    books: Books, adam: Walker, customers: dict[str, str]
) -> None:
    answer = swap(adam, f"{PAGE}/{books.firm.acme.id}", remote_id=customers["Acme"])
    assert counts(answer) == {"suggested": 1, "unlinked": 0, "linked": 1, "broken": 0, "skipped": 0}
    assert [part.get("hx-swap-oob") for part in Reading(answer).all("div") if part.get("id") == "exact"] == ["true"]
    assert "of the same name" not in words(answer)
    assert counts(adam.fragment(f"{PAGE}/{books.firm.bolt.id}/row").text) == {}


def test_a_customer_is_made_because_a_person_wants_it(books: Books, adam: Walker, customers: dict[str, str]) -> None:
    weather.rule(books, client_missing=WhenClientMissing.HOLD)
    bolt = books.firm.bolt
    assert "on the way to QuickBooks" in words(swap(adam, f"{PAGE}/{bolt.id}/create"))
    assert "Its customer was asked for" in words(adam.get(f"{PAGE}?tab=suggested").text)
    db.session.rollback()
    books.send()
    assert weather.there(books, "Customer")[-1]["DisplayName"] == "Bolt"
    assert linked_to(books, bolt) == weather.there(books, "Customer")[-1]["Id"]
    assert adam.post(f"{PAGE}/{bolt.id}/create").status_code == 409


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
    assert f"pick-{bolt.id}-{customers['Stranger']}" in adam.get(f"{PAGE}/{bolt.id}?search=strang").text
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
