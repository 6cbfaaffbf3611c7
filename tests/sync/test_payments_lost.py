"""Payments whose answer was lost on the way: there is one of each in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.billing import receiving
from app.billing.payment import Payment
from app.foundation.database import db, transaction
from app.sync.links import LinkMade, LinkState
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books
from tests.sync.payment_desk import link, record, telling, there


@pytest.fixture
def books(books: Books) -> Books:
    """Payments recorded here go to the bank account; the methods are known from an earlier one."""
    telling(books)
    record(books, 100, reference="THE FIRST")
    books.send()
    return books


@pytest.mark.parametrize(("effect", "made"), [("lost_after", LinkMade.ADOPTED), ("lost_before", LinkMade.CREATED)])
def test_after_half_a_day_it_is_looked_for_by_its_marker(books: Books, effect: str, made: LinkMade) -> None:
    invoice = books.invoice()
    with weather.held_clock() as clock:
        weather.order(books, effect, kind="payment", count=0)
        payment = record(books, 12000, (invoice, 12000))
        books.send()
        weather.clear(books)
        clock.move(timedelta(hours=13))
        weather.settle_all(books)
    assert (len(there(books)), link(books, payment).made) == (2, made)


def test_its_webhook_may_come_before_its_answer(books: Books) -> None:
    invoice = books.invoice()
    with weather.held_clock() as clock:
        weather.order(books, "lost_after", kind="payment")
        payment = record(books, 12000, (invoice, 12000))
        books.send()
        books.listen()
        assert "Our own payment; QuickBooks is just being told of it." in books.effects()
        clock.move(timedelta(minutes=5))
        weather.settle_all(books)
    assert (len(there(books)), link(books, payment).state) == (2, LinkState.LIVE)
    assert len(db.session.scalars(db.select(Payment)).all()) == 2


def test_a_void_that_was_lost_is_done_once(books: Books) -> None:
    payment = record(books, 5000, reference="A SECOND")
    books.send()
    with weather.held_clock() as clock:
        weather.order(books, "lost_after", kind="payment", count=0)
        with transaction():
            receiving.void_here(payment, actor=ANN)
        books.send()
        weather.clear(books)
        clock.move(timedelta(hours=13))
        weather.settle_all(books)
    assert link(books, payment).state is LinkState.VOIDED


def test_trouble_while_looking_puts_the_payment_off_and_nothing_else(books: Books) -> None:
    with weather.held_clock() as clock:
        weather.order(books, "server_error", kind="query", count=0)
        payment = record(books, 5000, reference="A SECOND")
        invoice = books.firm.open()
        books.send()
        assert (len(there(books)), weather.state(invoice).value) == (1, "done")
        weather.clear(books)
        clock.move(timedelta(hours=1))
        weather.settle_all(books)
    assert (len(there(books)), link(books, payment).made) == (2, LinkMade.CREATED)
