"""The look before a payment is told for the first time, and what may happen while it is taken."""

from __future__ import annotations

import pytest

from app.sync import payment_looking
from app.sync.decisions import Tell
from app.sync.engine import Turn
from tests.sync.books import Books
from tests.sync.payment_desk import link, record, telling, there
from tests.sync.test_payment_twins import typed_there


@pytest.fixture
def books(books: Books) -> Books:
    """Payments recorded here go to the bank account."""
    return telling(books)


def test_one_linked_by_its_webhook_during_the_look_is_left_alone(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    invoice = books.invoice()
    record(books, 100, reference="THE FIRST")
    books.send()
    remote_id = typed_there(books, invoice, "120.00")
    payment = record(books, 12000, (invoice, 12000))
    look = payment_looking._read

    def read(turn: Turn, firsts: list[Tell]) -> object:
        found = look(turn, firsts)
        books.listen()
        return found

    monkeypatch.setattr(payment_looking, "_read", read)
    books.send()
    assert (link(books, payment).remote_id, len(there(books))) == (remote_id, 2)
    assert link(books, payment).told_revision == payment.revision
