"""When QuickBooks last answered: its own note is written once a minute, what was sent since is known all the same."""

from __future__ import annotations

from datetime import timedelta

from app.foundation import clock
from app.foundation.database import transaction
from app.sync.watching import lately
from tests.sync.books import Books, connection


def test_the_last_answer_is_never_older_than_the_last_push(books: Books) -> None:
    books.invoice()
    with transaction():
        connection(books).last_success_at = clock.now() - timedelta(seconds=50)
    assert lately.last_answer_at(connection(books)) == lately.last_push_at()


def test_a_company_that_never_answered_has_no_last_answer(books: Books) -> None:
    with transaction():
        connection(books).last_success_at = None
    assert lately.last_answer_at(connection(books)) is None
