"""Payments whose answer was lost on the way: there is one of each in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.billing import receiving
from app.billing.payment import Payment
from app.foundation.database import db, transaction
from app.sync.records.links import LinkMade, LinkState, link_of
from app.sync.records.policies import WhenPaidHere, policy_of
from tests.billing.firm import ANN
from tests.simulation import REALM
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


@pytest.mark.parametrize("waits", [timedelta(minutes=5), timedelta(hours=13)])
def test_one_that_was_divided_anew_there_before_its_answer_came_is_divided_so_here(
    books: Books, waits: timedelta
) -> None:
    first, second = books.invoice(), books.invoice()
    books.listen()
    with weather.held_clock() as clock:
        weather.order(books, "lost_after", kind="payment")
        record(books, 12000, (first, 12000))
        books.send()
        moved = {"Amount": 120, "LinkedTxn": [{"TxnId": books.remote_id(second), "TxnType": "Invoice"}]}
        books.simulation.handle("Payment", there(books)[-1]["Id"], "edit", Line=[moved])
        books.listen()
        clock.move(waits)
        weather.settle_all(books)
        books.take_in()
        if waits > timedelta(hours=1):
            books.compare()
    assert [books.fresh(one).settled_pence for one in (first, second)] == [0, 12000]


@pytest.mark.parametrize("waits", [timedelta(minutes=5), timedelta(hours=13)])
def test_one_that_was_voided_there_before_its_answer_came_pays_nothing_here(books: Books, waits: timedelta) -> None:
    invoice = books.invoice()
    books.listen()
    with weather.held_clock() as clock:
        weather.order(books, "lost_after", kind="payment")
        record(books, 12000, (invoice, 12000))
        books.send()
        books.simulation.handle("Payment", there(books)[-1]["Id"], "void")
        books.listen()
        clock.move(waits)
        weather.settle_all(books)
        books.take_in()
    assert books.fresh(invoice).settled_pence == 0


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


def void_while_it_flies(books: Books) -> Payment:
    """Its answer is lost, and it is voided here before anybody knows what became of it."""
    payment = record(books, 12000, (books.invoice(), 12000))
    weather.order(books, "lost_after", kind="payment")
    books.send()
    with transaction():
        receiving.void_here(payment, actor=ANN)
    return payment


def test_one_voided_here_while_it_flies_is_not_learnt_by_its_webhook(books: Books) -> None:
    with weather.held_clock() as clock:
        payment = void_while_it_flies(books)
        books.listen()
        assert len(db.session.scalars(db.select(Payment)).all()) == 2
        clock.move(timedelta(minutes=5))
        weather.settle_all(books)
    assert (link(books, payment).state, books.firm_invoice().settled_pence) == (LinkState.VOIDED, 0)


def test_one_voided_here_that_was_given_up_is_voided_there_once_it_is_seen(books: Books) -> None:
    payment = record(books, 12000, (books.invoice(), 12000))
    books.send()
    with transaction() as session:
        session.delete(link(books, payment))  # as where looking for it did not find it yet
        receiving.void_here(payment, actor=ANN)
    books.send()
    books.listen()
    books.send()
    assert (link(books, payment).state, books.firm_invoice().settled_pence) == (LinkState.VOIDED, 0)


def test_one_that_carries_our_marker_is_ours_whatever_its_amount(books: Books) -> None:
    with weather.held_clock() as clock:
        invoice = books.invoice()
        weather.order(books, "lost_after", kind="payment")
        record(books, 12000, (invoice, 12000))
        books.send()
        paid = {"Amount": 100, "LinkedTxn": [{"TxnId": books.remote_id(invoice), "TxnType": "Invoice"}]}
        books.simulation.handle("Payment", there(books)[-1]["Id"], "edit", TotalAmt=100, Line=[paid])
        books.listen()
        clock.move(timedelta(minutes=5))
        weather.settle_all(books)
    assert len(db.session.scalars(db.select(Payment)).all()) == 2


def test_one_with_the_marker_of_another_organisation_is_not_taken_for_ours(books: Books) -> None:
    invoice = books.invoice()
    customer = books.customer(invoice)
    books.simulation.control(
        f"companies/{REALM}/records/Payment",
        {"CustomerRef": {"value": customer}, "TotalAmt": 120, "PrivateNote": "Counterfoil 999-payment-1"},
    )
    with transaction():
        policy_of(books.connection_id).payments_here = WhenPaidHere.STAY
    payment = record(books, 12000, (invoice, 12000))
    books.listen()
    assert link_of(books.connection_id, payment.subject) is None
