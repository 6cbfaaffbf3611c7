"""Importing lists on screen: what is new, what differs, what is left out; some ticked, or all that are new."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.billing.client import Client
from app.foundation.database import db
from tests.sync.books import Books
from tests.sync.importing.test_lists import listed
from tests.web.walking import Walker, words

CUSTOMERS = "/settings/quickbooks/import?what=customers"


@pytest.fixture
def cafe(books: Books) -> str:
    """A customer there who is nobody here; its key."""
    return listed(books, "Customer", "900", DisplayName="Quayside Cafe")


def clients() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Client.name)))


@pytest.mark.parametrize("what", ["terms", "tax-codes", "items", "customers"])
def test_each_list_has_its_page(books: Books, adam: Walker, what: str) -> None:
    answer = adam.get(f"/settings/quickbooks/import?what={what}")
    assert (answer.status_code, "How they stand to yours" in answer.text) == (200, True)


def test_a_list_that_does_not_exist_is_not_found(books: Books, adam: Walker) -> None:
    assert adam.get("/settings/quickbooks/import?what=vendors").status_code == 404


def test_a_new_customer_is_ticked_and_becomes_a_client(books: Books, adam: Walker, cafe: str) -> None:
    page = adam.get(f"{CUSTOMERS}&standing=new").text
    assert f'value="{cafe}" aria-label="Take Quayside Cafe"' in page
    told = words(adam.follow(CUSTOMERS, choice="ticked", record=cafe))
    assert "Clients: 1 made. Nothing was changed in QuickBooks." in told
    assert "Quayside Cafe" in clients()


def test_all_that_are_new_are_taken_by_one_button_and_once(books: Books, adam: Walker, cafe: str) -> None:
    assert "Nothing was changed in QuickBooks" in words(adam.follow(CUSTOMERS, choice="all"))
    assert "Nothing was to be taken" in words(adam.follow(CUSTOMERS, choice="all"))
    assert clients().count("Quayside Cafe") == 1


def test_what_differs_is_shown_with_both_values(books: Books, adam: Walker, cafe: str) -> None:
    adam.follow(CUSTOMERS, choice="all")
    listed(books, "Customer", "900", DisplayName="Quayside Cafe", CompanyName="Harbour Ltd", SyncToken="1")
    page = words(adam.get(f"{CUSTOMERS}&standing=differs").text)
    assert "Company: nothing here, Harbour Ltd there" in page


def test_nothing_ticked_is_a_problem_that_says_what_to_do(books: Books, adam: Walker) -> None:
    answer = adam.post(CUSTOMERS, choice="ticked")
    assert (answer.status_code, "Tick at least one record" in answer.text) == (422, True)


def test_staff_see_the_preview_and_take_nothing(books: Books, stella: Walker, cafe: str) -> None:
    page = stella.get(f"{CUSTOMERS}&standing=new").text
    assert ("Quayside Cafe" in page, 'name="record"' in page) == (True, False)
    assert stella.post(CUSTOMERS, choice="all").status_code == 403
    assert "Quayside Cafe" not in clients()
