"""One worker carries out a comparison; what another learnt meanwhile is not undone by what was read before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.billing.kinds import DocumentStatus
from app.billing.payment import Payment, PaymentState
from app.foundation import clock
from app.foundation.database import db, transaction
from app.quickbooks.answers import PaymentSeen, payment
from app.sync.comparing.drifts import DriftCause, ReconciliationRun
from app.sync.comparing.run_claims import CLAIMED_FOR, RunClaim, TakenOverError, claim
from app.sync.reconciling import comparisons
from app.sync.reconciling.missed import take_in_missed
from tests.sync import weather
from tests.sync.books import Books


def asked(books: Books) -> int:
    """The id of a comparison that somebody asked for."""
    with transaction() as session:
        run = ReconciliationRun(connection_id=books.connection_id, asked_by="Olivia", asked_at=clock.now())
        session.add(run)
        session.flush()
        return run.id


def claimed(books: Books) -> RunClaim:
    """A comparison that this process carries out."""
    held = claim(asked(books))
    assert held is not None
    return held


def read(books: Books) -> dict[str, PaymentSeen]:
    """All payments there, as they are now."""
    records = weather.there(books, "Payment")
    return {
        str(record["Id"]): payment(books.engine.quickbooks.read(books.connection_id, "Payment", record["Id"]))
        for record in records
    }


def states() -> list[PaymentState]:
    db.session.rollback()
    return [row.state for row in db.session.scalars(select(Payment).order_by(Payment.id))]


def test_a_run_is_claimed_once(books: Books) -> None:
    held = claimed(books)
    assert claim(held.run_id) is None


def test_who_was_taken_for_dead_writes_nothing_of_the_run_any_more(books: Books) -> None:
    with weather.held_clock() as moment:
        first = claimed(books)
        moment.move(CLAIMED_FOR + timedelta(seconds=1))
        second = claim(first.run_id)
        assert second is not None
        second.tell("Reading QuickBooks: 7 of Invoice")
        with pytest.raises(TakenOverError):
            first.tell("Reading QuickBooks: 3 of Invoice")
        with pytest.raises(TakenOverError), first.writing():
            pytest.fail("it was taken over")
    db.session.rollback()
    assert db.session.get_one(ReconciliationRun, first.run_id).progress == "Reading QuickBooks: 7 of Invoice"


def test_what_was_put_right_is_kept_by_a_run_that_dies_before_its_end(books: Books) -> None:
    invoice = books.invoice()
    moment = clock.now()
    books.pay(invoice, "120.00")
    books.simulation.webhooks()
    held = claimed(books)
    take_in_missed(held, read(books), moment)
    db.session.rollback()
    found = [(row.cause, row.run_id) for row in comparisons.put_right(held.run_id)]
    assert found == [(DriftCause.PAYMENT_MISSED, held.run_id)]
    assert db.session.get_one(ReconciliationRun, held.run_id).payments_found == 1


def test_a_payment_told_after_the_payments_were_read_stays(books: Books) -> None:
    invoice = books.invoice()
    held, before, moment = claimed(books), read(books), clock.now()
    books.pay(invoice, "120.00")
    books.listen()
    assert take_in_missed(held, before, moment) == 0
    assert (states(), books.fresh(invoice).status) == ([PaymentState.LIVE], DocumentStatus.PAID)


def test_a_payment_deleted_after_the_payments_were_read_stays_away(books: Books) -> None:
    invoice = books.invoice()
    remote_id = books.pay(invoice, "120.00")
    books.listen()
    held, before, moment = claimed(books), read(books), clock.now()
    books.simulation.handle("Payment", remote_id, "delete")
    books.listen()
    assert take_in_missed(held, before, moment) == 0
    assert (states(), books.fresh(invoice).status) == ([PaymentState.REMOVED], DocumentStatus.OPEN)
