"""Catching up: what no webhook told is found once, cheaply, through the same door; and nothing is lost on the way."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.billing.kinds import DocumentStatus
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.tenancy import current_organisation
from app.quickbooks.models import ConnectionState
from app.sync.comparing.drifts import ReconciliationRun, RunState
from app.sync.listening import catchup, inbox
from app.sync.listening.cursors import Gap
from app.sync.records.links import LinkState
from tests.sync import weather
from tests.sync.books import Books, connection
from tests.sync.catching_up import catch_up, cursor, gaps, lose_webhooks, put_back


def test_a_payment_that_no_webhook_told_is_found_and_applied(books: Books) -> None:
    invoice = books.invoice()
    books.pay(invoice, "120.00")
    lose_webhooks(books)
    seen = catch_up(books)
    assert books.fresh(invoice).status is DocumentStatus.PAID
    assert (seen.found, seen.reads, seen.problem) == (2, 1, None)


def test_our_own_changes_are_no_news_and_cost_one_read(books: Books) -> None:
    books.invoice()
    books.credit_note("40")
    weather.forget(books)
    assert catch_up(books).found == 0
    assert weather.counts(books)["reads"] == 1


def test_the_same_window_again_changes_nothing(books: Books) -> None:
    books.pay(books.invoice(), "120.00")
    catch_up(books)
    before = books.effects()
    put_back(books, since=connection(books).connected_at)
    assert catch_up(books).found == 0
    assert books.effects() == before


def test_a_webhook_that_comes_late_is_known_already(books: Books) -> None:
    invoice = books.invoice()
    books.pay(invoice, "120.00")
    catch_up(books)
    books.listen()
    assert books.fresh(invoice).settled_pence == 12000
    assert books.effects()[-1] == "Our own change, or one that is known already."


def test_what_a_webhook_told_and_still_waits_is_not_asked_for_twice(books: Books) -> None:
    invoice = books.invoice()
    lose_webhooks(books)
    books.pay(invoice, "120.00")
    for call in books.simulation.webhooks():
        inbox.keep(call.raw, call.headers["intuit-signature"], "test", books.verifiers)
    assert catch_up(books).found == 0
    assert books.fresh(invoice).status is DocumentStatus.PAID


def test_deleted_and_voided_records_are_found(books: Books) -> None:
    paid, deleted, voided = (books.invoice() for _number in range(3))
    payment = books.pay(paid, "120.00")
    books.listen()
    books.simulation.handle("Payment", payment, "delete")
    books.simulation.handle("Invoice", books.remote_id(deleted), "delete")
    books.simulation.handle("Invoice", books.remote_id(voided), "void")
    lose_webhooks(books)
    catch_up(books)
    assert books.fresh(paid).status is DocumentStatus.OPEN
    assert [books.link(each).state for each in (deleted, voided)] == [LinkState.REMOVED, LinkState.VOIDED]


def test_what_concerns_nothing_of_ours_is_left_alone(books: Books) -> None:
    customer = books.customer(books.invoice())
    lose_webhooks(books)
    books.simulation.pay(customer, "80.00")
    assert catch_up(books).found == 0


def test_a_renamed_customer_is_found(books: Books) -> None:
    customer = books.customer(books.invoice())
    books.simulation.handle("Customer", customer, "edit", DisplayName="Acme Holdings")
    lose_webhooks(books)
    assert catch_up(books).found == 1
    assert books.effects()[-1] == "Customer “Acme Holdings” was read anew."


def test_the_cursor_stands_where_the_reading_began(books: Books) -> None:
    before = clock.now()
    seen = catch_up(books)
    assert before - timedelta(seconds=2) <= seen.since <= clock.now()
    assert (seen.gap, seen.last_gap, seen.held_until) == (None, Gap.NIGHT, None)


def test_the_overlap_finds_what_quickbooks_listed_late(books: Books) -> None:
    invoice = books.invoice()
    books.pay(invoice, "120.00")
    lose_webhooks(books)
    put_back(books, since=clock.now() + timedelta(seconds=300))
    assert catch_up(books).found == 2


def test_a_pause_that_quickbooks_asks_for_moves_nothing_and_is_waited_for(books: Books) -> None:
    put_back(books)
    since = cursor(books).since
    weather.order(books, "throttle", kind="cdc")
    seen = catch_up(books)
    assert (seen.since, seen.gap, gaps(books)) == (since, Gap.NIGHT, [])
    assert "asked us to wait" in (seen.problem or "")


def test_a_lost_permission_waits_until_somebody_has_reconnected(books: Books) -> None:
    put_back(books)
    weather.order(books, "no_access", kind="cdc", count=2)
    catch_up(books)
    assert (connection(books).state, gaps(books)) == (ConnectionState.RECONNECT, [])
    books.reconnect()
    assert gaps(books) == [Gap.NIGHT]
    assert catch_up(books).problem is None


def full(books: Books) -> ReconciliationRun:
    return db.session.scalars(select(ReconciliationRun)).one()


def test_what_lies_too_far_back_is_compared_in_full_and_the_cursor_follows(books: Books) -> None:
    invoice = books.invoice()
    books.pay(invoice, "120.00")
    long_ago = clock.now() - timedelta(days=31)
    put_back(books, since=long_ago)
    seen = catch_up(books)
    assert (seen.since, seen.run_id, full(books).asked_by) == (long_ago, full(books).id, "catching up")
    assert full(books).is_full
    assert gaps(books) == []
    books.run_waiting()
    assert (gaps(books), cursor(books).since, cursor(books).run_id) == ([], full(books).started_at, None)
    assert books.fresh(invoice).status is DocumentStatus.PAID


def test_a_comparison_that_failed_is_asked_for_again(books: Books) -> None:
    put_back(books, since=clock.now() - timedelta(days=31))
    catch_up(books)
    weather.order(books, "lost_before", kind="query")
    books.run_waiting()
    assert full(books).state is RunState.FAILED
    assert gaps(books) == [Gap.NIGHT]


def test_a_question_that_quickbooks_refuses_is_replaced_by_a_comparison(books: Books) -> None:
    books.simulation.control("clock", {"now": (clock.now() + timedelta(days=60)).isoformat()})
    books.reconnect()
    assert catch_up(books).run_id == full(books).id


def test_the_night_is_caught_up_with_before_it_is_compared(books: Books) -> None:
    invoice = books.invoice()
    books.pay(invoice, "120.00")
    lose_webhooks(books)
    with transaction() as session:
        run = ReconciliationRun(connection_id=books.connection_id, night=clock.now().date(), asked_by="night")
        run.asked_at = clock.now()
        session.add(run)
    catchup.ahead_of(books.engine, run.id, current_organisation())
    assert books.fresh(invoice).status is DocumentStatus.PAID
    weather.forget(books)
    catchup.ahead_of(books.engine, run.id, current_organisation())
    assert weather.counts(books)["reads"] == 0


def test_two_workers_do_not_catch_up_at_once_and_the_dead_ones_claim_lapses(books: Books) -> None:
    put_back(books, gap=Gap.OUTAGE, held_until=clock.now() + timedelta(minutes=1))
    weather.forget(books)
    catch_up(books)
    assert weather.counts(books)["reads"] == 0
    put_back(books, held_until=clock.now())
    assert gaps(books) == [Gap.OUTAGE]
    assert catch_up(books, Gap.OUTAGE).gap is None
