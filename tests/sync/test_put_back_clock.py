"""A clock that was ahead for a while and was put back: what it wrote down holds up nothing until it is caught up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import MessageState
from app.quickbooks.errors import Throttled
from app.quickbooks.models import Connection
from app.sync.comparing import run_claims
from app.sync.listening import claimed, cursors, gaps, heartbeats, inbox, pull, unpacking
from app.sync.listening.cursors import Gap
from app.sync.steering import controls
from app.sync.telling import sweep
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books, connection
from tests.sync.catching_up import catch_up, cursor, lose_webhooks, put_back
from tests.sync.payment_desk import record, telling

FAR_AHEAD = timedelta(days=400)
TWO_DAYS = timedelta(days=2)


@pytest.fixture
def at() -> Iterator[Callable[[timedelta], None]]:
    """Hold our clock so much ahead of the true time; the simulator's is never wrong."""
    true = datetime.now(UTC)
    held = HeldClock(true)
    with clock.use(held):
        yield lambda ahead: held.move(true + ahead - held.now())


At = Callable[[timedelta], None]


def test_a_worker_that_died_while_catching_up_keeps_nobody_from_it(books: Books, at: At) -> None:
    at(FAR_AHEAD)
    gaps.due(books.engine.settings)
    assert cursors.claim(books.connection_id, Gap.OUTAGE)
    at(TWO_DAYS)
    assert [due.connection_id for due in gaps.due(books.engine.settings)] == [books.connection_id]
    assert cursors.claim(books.connection_id, Gap.OUTAGE)
    assert cursors.claim(books.connection_id, Gap.OUTAGE) is None


def test_a_company_tied_ahead_of_time_is_not_caught_up_with_again_and_again(books: Books, at: At) -> None:
    at(FAR_AHEAD)
    books.reconnect()
    at(TWO_DAYS)
    gaps.due(books.engine.settings)
    held = cursors.claim(books.connection_id, Gap.OUTAGE)
    assert held is not None
    held.end(clock.now())
    assert connection(books).connected_at > clock.now()
    assert gaps.due(books.engine.settings) == []


def test_a_comparison_whose_worker_died_is_begun_anew(books: Books, at: At) -> None:
    run_id = controls.compare_now(db.session.get_one(Connection, books.connection_id), "Olivia")
    at(FAR_AHEAD)
    assert run_claims.claim(run_id)
    at(TWO_DAYS)
    assert run_claims.claim(run_id)
    assert run_claims.claim(run_id) is None


def test_a_night_that_has_not_come_yet_does_not_count_as_the_last_one(books: Books, at: At) -> None:
    noon = timedelta(hours=12 - datetime.now(UTC).hour)
    at(FAR_AHEAD + noon)
    assert sweep.claim_nights() == 1
    at(TWO_DAYS + noon)
    assert [sweep.claim_nights(), sweep.claim_nights()] == [1, 0]


def test_an_envelope_without_an_answer_is_looked_up_at_once_and_not_sent_twice(books: Books, at: At) -> None:
    books.invoice()
    weather.order(books, "lost_after", method="POST", kind="invoice")
    at(timedelta(minutes=20))
    document = books.firm.open()
    books.send()
    assert weather.state(document) is MessageState.SENDING
    at(timedelta(minutes=5))
    assert sweep.lanes_with_work()
    books.send()
    assert (weather.outcomes(document)[-1], len(weather.there(books))) == ("adopted", 2)


def test_a_payment_without_an_answer_is_found_among_what_is_new_there(books: Books, at: At) -> None:
    telling(books)
    record(books, 100, reference="FIRST")
    books.send()
    weather.order(books, "lost_after", method="POST", kind="payment")
    at(timedelta(days=3))
    record(books, 5000, reference="SECOND")
    books.send()
    assert len(weather.unanswered()) == 1
    at(timedelta())
    weather.settle_all(books)
    assert len(weather.there(books, "Payment")) == 2


def test_what_was_posted_days_ahead_is_due(books: Books, at: At) -> None:
    at(timedelta(days=3))
    document = books.firm.open()
    at(timedelta())
    assert sweep.lanes_with_work()
    books.send()
    assert weather.state(document) is MessageState.DONE


def test_what_waits_for_its_client_is_not_taken_for_put_off(books: Books, at: At) -> None:
    weather.order(books, "member_fault", kind="batch", member=1, code="2010")
    document = books.firm.open()
    books.send()
    assert (weather.message_of(document).due_at, sweep.lanes_with_work()) == (lanes.FAR_AWAY, set())


def test_a_heartbeat_from_ahead_is_no_life_and_hides_no_outage(books: Books, at: At) -> None:
    assert gaps.due(books.engine.settings) == []
    at(FAR_AHEAD)
    heartbeats.beat("host:1")
    at(timedelta())
    assert not heartbeats.is_alive()
    heartbeats.beat("host:2")
    db.session.rollback()
    assert [due.gap for due in gaps.due(books.engine.settings)] == [Gap.OUTAGE]
    at(timedelta(minutes=1))
    assert not heartbeats.is_alive()


def test_an_event_that_was_taken_out_or_put_off_ahead_of_time_is_taken_in(books: Books, at: At) -> None:
    invoice = books.invoice()
    books.listen()
    books.pay(invoice, "120.00")
    calls = books.simulation.webhooks()
    at(TWO_DAYS)
    for call in calls:
        inbox.keep(call.raw, call.headers["intuit-signature"], "test", books.verifiers)
    unpacking.open_deliveries()
    at(timedelta())
    while pull.work(books.engine):
        pass
    assert books.fresh(invoice).status is DocumentStatus.PAID


def test_a_cursor_that_came_ahead_of_time_misses_nothing(books: Books, at: At) -> None:
    invoice = books.invoice()
    at(TWO_DAYS)
    put_back(books, since=clock.now())
    at(timedelta())
    books.pay(invoice, "120.00")
    lose_webhooks(books)
    catch_up(books)
    books.run_waiting()
    gaps.due(books.engine.settings)
    assert books.fresh(invoice).status is DocumentStatus.PAID
    assert cursor(books).since <= clock.now()


def test_events_wait_no_longer_than_their_guard_against_such_a_clock_allows(books: Books, at: At) -> None:
    at(timedelta())
    books.pay(books.invoice(), "120.00")
    for call in books.simulation.webhooks():
        inbox.keep(call.raw, call.headers["intuit-signature"], "test", books.verifiers)
    unpacking.open_deliveries()
    books.hurry()
    claimed.after_trouble(claimed.claim(books.connection_id), Throttled(86_400.0))
    db.session.rollback()
    assert not claimed.claim(books.connection_id)


def paid_ahead(books: Books, at: At) -> tuple[Document, str]:
    """An invoice and its payment, both known since a clock that was ahead."""
    at(FAR_AHEAD)
    invoice = books.invoice()
    payment = books.pay(invoice, "120.00")
    books.listen()
    at(timedelta())
    assert books.fresh(invoice).status is DocumentStatus.PAID
    return invoice, payment


def test_a_payment_that_was_taken_in_ahead_of_time_is_taken_back_once_it_is_gone(books: Books, at: At) -> None:
    invoice, payment = paid_ahead(books, at)
    books.simulation.handle("Payment", payment, "delete")
    lose_webhooks(books)
    books.compare()
    assert books.fresh(invoice).status is DocumentStatus.OPEN


def test_a_payment_that_was_taken_in_ahead_of_time_follows_what_it_is_now(books: Books, at: At) -> None:
    invoice, payment = paid_ahead(books, at)
    line = {"Amount": 30, "LinkedTxn": [{"TxnId": books.remote_id(invoice), "TxnType": "Invoice"}]}
    books.simulation.handle("Payment", payment, "edit", TotalAmt=30, Line=[line])
    lose_webhooks(books)
    books.compare()
    assert books.fresh(invoice).settled_pence == 3000


def test_a_document_that_was_sent_ahead_of_time_is_compared(books: Books, at: At) -> None:
    at(FAR_AHEAD)
    books.invoice()
    at(timedelta())
    run = books.compare()
    assert (run.documents, run.not_compared) == (1, "")


def test_a_whole_reading_ahead_of_time_does_not_put_off_the_next(books: Books, at: At) -> None:
    books.invoice()
    at(FAR_AHEAD)
    books.compare()
    at(TWO_DAYS)
    assert [books.compare().is_full, books.compare().is_full] == [True, False]


def test_a_trial_takes_what_was_posted_ahead_of_time(books: Books, at: At) -> None:
    at(FAR_AHEAD)
    first, second = books.firm.open(), books.firm.open()
    at(timedelta())
    controls.send_one(connection(books), ANN)
    books.send()
    assert [weather.state(first), weather.state(second)] == [MessageState.DONE, MessageState.WAITING]


def test_a_trial_that_began_ahead_of_time_ends_with_one(books: Books, at: At) -> None:
    at(FAR_AHEAD)
    controls.send_one(connection(books), ANN)
    at(timedelta())
    first, second = books.firm.open(), books.firm.open()
    books.send()
    assert [weather.state(first), weather.state(second)] == [MessageState.DONE, MessageState.WAITING]


def test_a_company_tied_ahead_of_time_takes_the_permission_that_is_given_since(books: Books, at: At) -> None:
    at(FAR_AHEAD)
    books.reconnect()
    at(timedelta())
    books.reconnect()
    assert weather.state(books.invoice()) is MessageState.DONE
