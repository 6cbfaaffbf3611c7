"""A week in which all webhooks are switched off and people go on paying: one catching up makes everything right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.billing.document import Document
from app.billing.payment import Payment, PaymentState
from app.foundation.clock import HeldClock
from app.foundation.database import db
from app.sync.listening.cursors import Gap
from tests.sync import weather
from tests.sync.books import Books
from tests.sync.catching_up import catch_up, gaps, lose_webhooks

DAYS = 7
A_DAY = timedelta(days=1)
FATES = ("whole", "in part", "too much", "lower", "move", "delete", "void")
"""What becomes of the payments in turn, each over an invoice of £12."""


@pytest.fixture
def quiet(books: Books, held: HeldClock) -> Iterator[Books]:
    """Both clocks can be moved; QuickBooks' own goes on from the present moment afterwards."""
    yield books
    books.simulation.control("clock", {"offset_seconds": 0})


def next_day(books: Books, held: HeldClock) -> None:
    """A day passes on both sides, and whatever webhooks there were are lost."""
    lose_webhooks(books)
    books.simulation.control("clock", {"advance_seconds": A_DAY.total_seconds()})
    held.move(A_DAY)


def paid(books: Books, invoice: Document, other: Document, fate: str) -> None:
    """The bookkeeper receives a payment for an invoice, and does this with it."""
    total = {"in part": "5.00", "too much": "15.00"}.get(fate, "12.00")
    remote_id = books.pay(invoice, total, part="12.00" if fate == "too much" else "")
    if fate in {"delete", "void"}:
        books.simulation.handle("Payment", remote_id, fate)
    if fate in {"lower", "move"}:
        amount, for_whom = (7, invoice) if fate == "lower" else (12, other)
        linked = [{"TxnId": books.remote_id(for_whom), "TxnType": "Invoice"}]
        books.simulation.handle(
            "Payment", remote_id, "edit", TotalAmt=amount, Line=[{"Amount": amount, "LinkedTxn": linked}]
        )


def owed_there(books: Books, document: Document) -> int:
    balance: float = books.simulation.record("Invoice", books.remote_id(document))["Balance"]
    return round(balance * 100)


def a_week_passes(books: Books, held: HeldClock, payments: int) -> list[Document]:
    """So many payments, a seventh of them each day; returns the invoices."""
    invoices = [books.firm.open(books.firm.line("10")) for _number in range(payments)]
    spare = [books.firm.open(books.firm.line("10")) for _number in range(payments // len(FATES) + 1)]
    books.send()
    for number, invoice in enumerate(invoices):
        if number * DAYS // payments > (number - 1) * DAYS // payments:
            next_day(books, held)
        paid(books, invoice, spare[number // len(FATES)], FATES[number % len(FATES)])
    lose_webhooks(books)
    return [*invoices, *spare]


def everything_is_right_after_one(books: Books, invoices: list[Document], payments: int) -> None:
    """One catching up, and nothing is left for a comparison to find."""
    assert gaps(books) == [Gap.SILENCE]
    catch_up(books, Gap.SILENCE)
    while books.take_in():
        pass
    assert [books.fresh(invoice).balance_pence for invoice in invoices] == [
        owed_there(books, invoice) for invoice in invoices
    ]
    learnt = db.session.scalars(select(Payment.state)).all()
    gone = 2 * (payments // len(FATES)) + max(payments % len(FATES) - FATES.index("delete"), 0)
    assert (len(learnt), set(learnt)) == (payments - gone, {PaymentState.LIVE})
    run = books.compare()
    assert (run.drifts, run.payments_found) == (0, 0)


def test_a_week_without_webhooks_is_made_up_for_by_one_catching_up(quiet: Books, held: HeldClock) -> None:
    invoices = a_week_passes(quiet, held, len(FATES))
    everything_is_right_after_one(quiet, invoices, len(FATES))


@pytest.mark.prove(weight=2)
def test_five_hundred_payments_of_a_week_without_webhooks(
    quiet: Books, held: HeldClock, record_property: Callable[[str, object], None]
) -> None:
    invoices = a_week_passes(quiet, held, 500)
    weather.forget(quiet)
    everything_is_right_after_one(quiet, invoices, 500)
    reads = weather.counts(quiet)["reads"]
    assert reads <= 60
    record_property("payments of a week without webhooks", 500)
