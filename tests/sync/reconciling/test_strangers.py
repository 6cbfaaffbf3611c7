"""What carries our mark and is linked to nothing here: made twice, or lost with what came after a backup."""

from __future__ import annotations

from app.sync.comparing.drifts import DriftCause
from app.sync.records.policies import WhenNumberTaken
from tests.sync import weather
from tests.sync.answered.test_enquiries import foreign
from tests.sync.books import Books
from tests.sync.judging.test_forerunners import with_a_forerunner


def found(books: Books) -> list[tuple[str, str]]:
    """(cause, id there) of what is told."""
    books.compare()
    return [(drift.cause, drift.remote_id) for drift in books.drifts()]


def test_one_that_was_lost_with_what_came_after_a_backup_is_not_called_made_twice(books: Books) -> None:
    weather.rule(books, number_taken=WhenNumberTaken.SUFFIX)
    _document, lost = with_a_forerunner(books)
    books.send()
    assert found(books) == [(DriftCause.ONLY_THERE, lost)]


def test_one_that_was_made_since_is_called_made_twice(books: Books) -> None:
    books.simulation.control("switches", {"duplicate_number": "accept"})
    invoice = books.invoice()
    note = f"Counterfoil {invoice.organisation_id}-invoice-{invoice.id}"
    again = foreign(books, invoice, customer=books.customer(invoice), amount="77.00", note=note)
    assert found(books) == [(DriftCause.DUPLICATE, again)]
