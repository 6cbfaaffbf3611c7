"""A document whose number is too long for QuickBooks goes there under a shorter one, once a person says so."""

from __future__ import annotations

import pytest

from app.billing import invoicing
from app.billing.document import Document
from app.foundation.database import db, transaction
from app.foundation.errors import ConflictError
from app.sync.steering import long_numbers
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books, connection

LONG = "NORTHGATE-SERVICES-2026-00017"
SHORT = "TE-SERVICES-2026-00017"[-21:]


def numbered(books: Books, number: str) -> Document:
    draft = books.firm.draft()
    with transaction():
        draft.number = number
    with transaction():
        invoicing.open_document(draft, actor=ANN)
    books.send()
    return draft


def give(books: Books, picked: str = "") -> int:
    with transaction():
        return long_numbers.give(books.firm.entity, connection(books), picked, ANN)


def test_it_is_held_until_somebody_gives_it_a_shorter_number(books: Books) -> None:
    document = numbered(books, LONG)
    assert weather.message_of(document).blocker == f"long_number_invoice:{document.id}"
    assert [row.number for row in long_numbers.held(books.firm.entity, connection(books))] == [SHORT]
    assert give(books, f"invoice:{document.id}") == 1
    books.send()
    assert [row["DocNumber"] for row in weather.there(books)] == [SHORT]
    assert books.fresh(document).number == LONG


def test_an_amendment_of_it_is_told_and_a_comparison_finds_no_difference(books: Books) -> None:
    document = numbered(books, LONG)
    give(books)
    books.send()
    with transaction():
        invoicing.change(books.fresh(document), books.firm.content(books.firm.line("50")), actor=ANN)
    books.send()
    assert [row["TotalAmt"] for row in weather.there(books)] == [60]
    books.compare()
    assert books.drifts() == []


def test_two_that_end_alike_get_two_numbers(books: Books) -> None:
    for beginning in ("A", "B"):
        numbered(books, beginning + LONG)
    assert give(books) == 2
    books.send()
    there = {row["DocNumber"] for row in weather.there(books)}
    assert (SHORT in there, len(there)) == (True, 2)


def test_nobody_can_give_one_to_what_does_not_wait(books: Books) -> None:
    with pytest.raises(ConflictError):
        give(books)
    db.session.rollback()
