"""After a restore ids and numbers are given anew: what carries our mark but is older than ours is another's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.billing.document import Document
from app.billing.payment import Payment
from app.foundation import clock
from app.foundation.database import transaction
from app.outbox.models import MessageState
from app.sync.records.links import LinkMade
from app.sync.records.policies import WhenNumberTaken
from tests.sync import weather
from tests.sync.answered.test_enquiries import foreign, stopped
from tests.sync.books import Books
from tests.sync.payment_desk import link, record, telling, there

PARKED = MessageState.PARKED


def hours_ago(books: Books, make: Callable[[], str]) -> str:
    """Something is made in QuickBooks three hours ago; returns its id."""
    books.simulation.control("clock", {"now": (clock.now() - timedelta(hours=3)).isoformat()})
    made = make()
    books.simulation.control("clock", {"now": clock.now().isoformat()})
    return made


def with_a_forerunner(books: Books, amount: str = "77.00") -> tuple[Document, str]:
    """A document just opened, and the lost one of its id and number; unlike it unless they cost the same."""
    document, customer = stopped(books)
    with transaction() as session:
        session.get_one(Document, document.id).opened_at = clock.now()
    note = f"Counterfoil {document.organisation_id}-invoice-{document.id}"
    lost = hours_ago(books, lambda: foreign(books, document, customer=customer, amount=amount, note=note))
    return books.fresh(document), lost


def total_of(books: Books, remote_id: str) -> float:
    return float(books.simulation.record("Invoice", remote_id)["TotalAmt"])


def test_a_lost_document_of_our_number_is_neither_taken_over_nor_overwritten(books: Books) -> None:
    document, lost = with_a_forerunner(books)
    books.send()
    assert weather.state(document) is PARKED
    assert weather.message_of(document).blocker == f"number_invoice:{document.id}"
    assert total_of(books, lost) == pytest.approx(92.40)


def test_under_another_number_it_goes_beside_the_lost_one(books: Books) -> None:
    weather.rule(books, number_taken=WhenNumberTaken.SUFFIX)
    document, lost = with_a_forerunner(books)
    books.send()
    assert (books.link(document).made, books.link(document).total_pence) == (LinkMade.CREATED, 12000)
    assert total_of(books, lost) == pytest.approx(92.40)


def test_one_that_was_typed_again_as_it_had_been_is_taken_over(books: Books) -> None:
    document, lost = with_a_forerunner(books, "100.00")
    with transaction() as session:
        session.get_one(Document, document.id).issue_date = date(2026, 3, 2)
    books.send()
    assert (books.link(document).made, books.remote_id(document)) == (LinkMade.ADOPTED, lost)


def unanswered_for_half_a_day(books: Books, effect: str) -> tuple[Document, str]:
    """A document whose envelope is looked up at last, in a company that takes a number twice."""
    books.simulation.control("switches", {"duplicate_number": "accept"})
    with weather.held_clock() as held:
        document, lost = with_a_forerunner(books)
        weather.order(books, effect, method="POST", kind="invoice")
        books.send()
        held.move(timedelta(hours=13))
        weather.settle_all(books)
    return document, lost


def test_a_look_for_an_unknown_outcome_takes_no_lost_document_for_it(books: Books) -> None:
    document, _lost = unanswered_for_half_a_day(books, "lost_before")
    assert weather.state(document) is PARKED
    assert "before" in weather.reason(document)


def test_what_was_made_since_is_found_beside_the_lost_one(books: Books) -> None:
    document, lost = unanswered_for_half_a_day(books, "lost_after")
    assert books.link(document).total_pence == 12000
    assert books.remote_id(document) != lost


def paid_before(books: Books, total: str) -> tuple[Payment, str]:
    """A payment just recorded, and the lost one of its id, over a total."""
    invoice = telling(books).invoice()
    payment = record(books, 5000, (invoice, 5000))
    note = f"Counterfoil {payment.organisation_id}-payment-{payment.id}"
    said = {"CustomerRef": {"value": books.customer(invoice)}, "TotalAmt": total, "PrivateNote": note}
    return payment, hours_ago(books, lambda: weather.make_there(books, "Payment", **said))


def test_a_lost_payment_is_not_taken_for_the_one_that_was_recorded_since(books: Books) -> None:
    payment, lost = paid_before(books, "30.00")
    books.send()
    assert link(books, payment).remote_id != lost
    assert (payment.amount_pence, len(there(books))) == (5000, 2)


def test_a_payment_that_was_typed_again_as_it_had_been_is_taken_over(books: Books) -> None:
    payment, lost = paid_before(books, "50.00")
    books.send()
    assert link(books, payment).remote_id == lost
    assert len(there(books)) == 1
