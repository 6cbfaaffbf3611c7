"""Linking history on screen: proposals with what differs, all exact at once, the others one by one."""

from __future__ import annotations

import html

import pytest

from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.foundation.database import transaction
from app.sync.records.policies import policy_of
from tests.sync.books import Books
from tests.sync.first_day.test_linking_history import opened, typed_there
from tests.web.walking import Walker, linked, words

PAGE = "/settings/quickbooks/history"


@pytest.fixture
def unsent(books: Books) -> tuple[Document, str]:
    """An invoice that was not sent, and the id of Acme's customer."""
    customer = books.customer(books.invoice())
    with transaction():
        policy_of(books.connection_id).automatic_push = False
    return opened(books), customer


def test_before_a_comparison_it_asks_for_one(books: Books, adam: Walker) -> None:
    assert "QuickBooks was not read yet" in words(adam.get(PAGE).text)


def test_quickbooks_is_read_without_leaving_the_page_which_shows_by_itself_what_was_found(
    books: Books, adam: Walker, unsent: tuple[Document, str]
) -> None:
    typed_there(books, *unsent)
    page = adam.follow(PAGE, choice="read")
    poll = html.unescape(linked(page, f"{PAGE}?revision=#-waiting-"))
    assert "QuickBooks is being read" in page
    assert adam.fragment(poll).status_code == 204
    books.run_waiting()
    assert "1 agrees exactly" in words(adam.fragment(poll).text)
    assert "hx-get" not in adam.fragment(PAGE).text


def test_what_agrees_is_linked_by_one_button(books: Books, adam: Walker, unsent: tuple[Document, str]) -> None:
    document, customer = unsent
    typed_there(books, document, customer)
    books.compare()
    assert "1 agrees exactly" in words(adam.get(PAGE).text)
    assert "1 document is linked. Nothing was changed" in words(adam.follow(PAGE, choice="exact"))


def test_what_differs_is_chosen_one_by_one(books: Books, adam: Walker, unsent: tuple[Document, str]) -> None:
    document, customer = unsent
    theirs = typed_there(books, document, customer, DocNumber="1007")
    books.compare()
    assert "it has the number 1007" in words(adam.get(PAGE).text)
    picked = {f"invoice-{document.id}": f"invoice:{document.id}:{theirs}"}
    assert "1 document is linked" in words(adam.follow(PAGE, choice="chosen", **picked))


def test_nothing_chosen_is_a_problem_that_says_what_to_do(books: Books, adam: Walker) -> None:
    answer = adam.post(PAGE, choice="chosen")
    assert answer.status_code == 422
    assert "Choose a record in QuickBooks" in words(answer.text)


def test_whoever_only_reads_sees_the_proposals_and_links_none(
    books: Books, rhea: Walker, unsent: tuple[Document, str]
) -> None:
    document, customer = unsent
    typed_there(books, document, customer)
    books.compare()
    page = rhea.get(PAGE).text
    assert "1 agrees exactly" in words(page)
    assert 'value="exact"' not in page
    assert rhea.post(PAGE, choice="exact").status_code == 403


def test_only_what_can_be_chosen_is_offered_and_the_rest_says_why_it_stays(
    books: Books, adam: Walker, unsent: tuple[Document, str]
) -> None:
    paid = opened(books)
    with transaction() as session:
        session.get_one(Document, paid.id).status = DocumentStatus.PAID
    books.compare()
    page = words(adam.get(PAGE).text)
    assert "1 open document is not in QuickBooks. Choose whether to send it." in page
    assert "1 document that is not in QuickBooks stays here, since nothing is owed on it" in page
