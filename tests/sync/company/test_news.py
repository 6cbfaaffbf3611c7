"""Closed books and an ended subscription: learnt once, known for all, and lifted by themselves."""

from __future__ import annotations

import pytest

from app.billing import invoicing
from app.foundation.database import db, transaction
from app.outbox.models import MessageState
from app.quickbooks.models import Connection
from app.sync.company import keeping, news
from app.sync.records.policies import WhenClosed
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync import weather
from tests.sync.books import Books

DONE, PARKED = MessageState.DONE, MessageState.PARKED


def close(books: Books, day: str | None, *, long_ago: bool = True) -> None:
    """Close the books there; we looked at the company long ago."""
    books.simulation.control(f"companies/{REALM}/preferences", {"AccountingInfoPrefs": {"BookCloseDate": day}})
    if long_ago:
        look_long_ago(books)


def look_long_ago(books: Books) -> None:
    with transaction() as session:
        row = session.get_one(Connection, books.connection_id)
        row.company_seen_at = row.connected_at.replace(year=2020)


def test_books_closed_meanwhile_are_learnt_by_one_refusal_and_told_with_their_date(books: Books) -> None:
    books.invoice()
    close(books, "2026-03-31")
    invoice = books.invoice()
    message = weather.message_of(invoice)
    assert (message.state, message.blocker) == (PARKED, "closed_books")
    assert "closed up to 31 March 2026" in (message.reason or "")


def test_the_next_one_is_held_without_a_call(books: Books) -> None:
    books.invoice()
    close(books, "2026-03-31")
    books.invoice()
    weather.forget(books)
    assert weather.message_of(books.invoice()).blocker == "closed_books"
    assert weather.counts(books)["requests"] == 0


def test_by_policy_it_goes_dated_the_first_open_day_at_once(books: Books) -> None:
    books.invoice()
    weather.rule(books, closed_books=WhenClosed.FIRST_OPEN_DAY)
    close(books, "2026-03-31")
    invoice = books.invoice()
    assert weather.state(invoice) is DONE
    assert books.simulation.record("Invoice", books.remote_id(invoice))["TxnDate"] == "2026-04-01"


def test_what_is_there_in_the_closed_period_is_held_whatever_the_policy(books: Books) -> None:
    invoice = books.invoice()
    weather.rule(books, closed_books=WhenClosed.FIRST_OPEN_DAY)
    close(books, "2026-03-31")
    with transaction():
        invoicing.change(books.fresh(invoice), books.firm.content(books.firm.line("150")), actor=ANN)
    books.send()
    assert (weather.state(invoice), weather.message_of(invoice).blocker) == (PARKED, "closed_books")


def test_opened_again_they_let_go_what_was_held(books: Books) -> None:
    books.invoice()
    close(books, "2026-03-31")
    invoice = books.invoice()
    close(books, None)
    news.look_again(books.engine.quickbooks, books.connection_id)
    books.send()
    assert weather.state(invoice) is DONE


def test_an_ended_subscription_holds_all_and_a_renewed_one_lets_go(books: Books) -> None:
    books.invoice()
    books.simulation.control(f"companies/{REALM}/subscription", {"status": "EXPIRED"})
    look_long_ago(books)
    first = books.invoice()
    weather.forget(books)
    second = books.invoice()
    assert weather.counts(books)["requests"] == 0
    assert {weather.message_of(one).blocker for one in (first, second)} == {"company_read_only"}
    books.simulation.control(f"companies/{REALM}/subscription", {"status": "PAID"})
    news.look_again(books.engine.quickbooks, books.connection_id)
    books.send()
    db.session.rollback()
    assert {weather.state(one) for one in (first, second)} == {DONE}


def test_a_webhook_tells_that_the_books_were_closed(books: Books) -> None:
    books.invoice()
    books.simulation.webhooks()
    close(books, "2026-03-31", long_ago=False)
    assert books.listen() > 0
    weather.forget(books)
    assert weather.message_of(books.invoice()).blocker == "closed_books"
    assert weather.counts(books)["requests"] == 0


def test_a_webhook_tells_that_they_are_open_again(books: Books) -> None:
    books.invoice()
    close(books, "2026-03-31")
    invoice = books.invoice()
    books.simulation.webhooks()
    close(books, None, long_ago=False)
    books.listen()
    books.send()
    assert weather.state(invoice) is DONE


@pytest.mark.parametrize(("status", "reads"), [("PAID", 0), ("EXPIRED", 2)])
def test_the_hourly_round_sees_that_a_subscription_is_paid_again(books: Books, status: str, reads: int) -> None:
    with transaction() as session:
        session.get_one(Connection, books.connection_id).subscription = status
    weather.forget(books)
    keeping.look_after(books.engine, books.firm.entity.organisation_id, books.connection_id)
    assert weather.counts(books)["reads"] == reads
    assert db.session.get_one(Connection, books.connection_id, populate_existing=True).subscription == "PAID"
