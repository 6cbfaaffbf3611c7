"""What was just written is not always listed at once; what is missing is not yet gone."""

from __future__ import annotations

import pytest

from app.billing.kinds import DocumentStatus
from app.sync.listening import pull
from app.sync.listening.deliveries import EventState
from tests.sync.books import Books
from tests.sync.listening.test_pull import event, events, hear


def test_a_payment_that_is_not_listed_at_once_is_not_taken_for_deleted(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = books.invoice()
    payment = books.pay(invoice, "120.00")
    books.listen()
    books.simulation.handle("Payment", payment, "edit", PaymentRefNum="BACS 2")
    with monkeypatch.context() as lag:
        lag.setattr(pull, "_read", lambda *_asked: {})
        books.listen()
    assert books.fresh(invoice).status is DocumentStatus.PAID
    books.take_in()
    assert [event.state for event in events(books) if event.remote_id == payment][-1] is EventState.APPLIED


def test_one_that_stays_away_is_believed_to_be_gone(books: Books) -> None:
    invoice = books.invoice()
    payment = books.pay(invoice, "120.00")
    books.listen()
    books.simulation.handle("Payment", payment, "delete")
    books.simulation.webhooks()
    hear(books, event(books, "Payment", payment))
    assert books.fresh(invoice).status is DocumentStatus.PAID
    books.take_in()
    books.take_in()
    assert books.fresh(invoice).status is DocumentStatus.OPEN
