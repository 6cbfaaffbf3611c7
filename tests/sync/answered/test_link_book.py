"""The book of links beside one answer: what is tied is in it at once, and in the database once it is written."""

from __future__ import annotations

from app.foundation.database import transaction
from app.outbox.models import Subject
from app.sync.answered.link_book import LinkBook
from app.sync.records.links import LinkMade, LinkState, link_of
from tests.sync.books import Books

OURS = Subject("invoice", 4711)
THIRTY_MILLION = 3_000_000_000
"""Pence; of rupiah an ordinary invoice."""


def test_a_new_link_is_known_at_once_and_read_as_it_was_left(books: Books) -> None:
    with transaction():
        book = LinkBook(books.connection_id, [OURS], [("Invoice", "77")])
        book.tie(OURS, "Invoice", ("77", "0")).total_pence = THIRTY_MILLION
        assert book.linked_to("Invoice", "77") == OURS
        book.write()
    link = link_of(books.connection_id, OURS)
    assert link is not None
    assert (link.remote_id, link.made, link.state) == ("77", LinkMade.CREATED, LinkState.LIVE)
    assert link.total_pence == THIRTY_MILLION


def test_a_link_that_is_pointed_elsewhere_is_found_there_alone(books: Books) -> None:
    with transaction():
        book = LinkBook(books.connection_id, [OURS])
        book.tie(OURS, "Invoice", ("77", "0"))
        book.write()
    with transaction():
        book = LinkBook(books.connection_id, [OURS])
        book.tie(OURS, "Invoice", ("78", "1"))
        assert (book.linked_to("Invoice", "77"), book.linked_to("Invoice", "78")) == (None, OURS)
        book.write()
    link = link_of(books.connection_id, OURS)
    assert link is not None
    assert (link.remote_id, link.sync_token) == ("78", "1")
