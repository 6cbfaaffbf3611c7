"""What the pre-flight check reads off the portal itself."""

from __future__ import annotations

from app.quickbooks import catalogue
from app.sync.first_day.preflight_facts import lists_read_at
from tests.sync.books import Books, connection


def test_an_item_of_our_own_making_is_no_reading_of_the_lists(books: Books) -> None:
    catalogue.refresh(books.engine.quickbooks, books.connection_id)
    read_at = lists_read_at(connection(books))
    books.invoice()
    assert lists_read_at(connection(books)) == read_at
    catalogue.refresh(books.engine.quickbooks, books.connection_id)
    assert lists_read_at(connection(books)) != read_at
