"""Who connected a company, who ended it, and which one took its place stays known."""

from __future__ import annotations

from app.sync.steering import controls
from tests.sync.another_company import accept_another, disconnect
from tests.sync.books import Books, connection

OURS = "Northgate IT Services Ltd"


def told(books: Books) -> list[tuple[str, str]]:
    return [(one.who, one.sentence) for one in controls.history(connection(books))]


def test_connecting_disconnecting_and_connecting_again_are_told_with_who_did_it(books: Books) -> None:
    disconnect(books)
    books.reconnect()
    assert told(books) == [
        ("The operator", f"Connected {OURS}"),
        ("Olivia", f"Disconnected {OURS}"),
        ("The operator", f"Connected {OURS}"),
    ]


def test_a_renewed_permission_is_told(books: Books) -> None:
    books.reconnect()
    assert told(books)[0] == ("The operator", f"Connected {OURS} again")


def test_a_company_that_made_way_tells_for_which_one(books: Books) -> None:
    accept_another(books)
    assert told(books)[0] == ("The operator", "Connected Southgate Ltd in its place")
