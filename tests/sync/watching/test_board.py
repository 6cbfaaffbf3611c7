"""The sync state of a company at one moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from app.foundation import clock
from app.foundation.database import db, transaction
from app.outbox import settling, tray
from app.outbox.models import Message, MessageState, Subject
from app.quickbooks.realm import CallMinute
from app.sync.engine import Engine
from app.sync.listening import heartbeats
from app.sync.steering import controls
from app.sync.watching.board import Board, board, hour
from app.sync.watching.running import State
from tests.billing import firm
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync.books import Books, connection
from tests.world import World

NOON = datetime(2026, 3, 2, 12, 0, 20, tzinfo=UTC)


def seen(books: Books) -> Board:
    db.session.rollback()
    return board(books.engine, books.firm.entity)


def test_without_a_connection_nothing_is_known_and_nothing_fails(northgate: World, engine: Engine) -> None:
    found = board(engine, firm.build().entity)
    assert (found.running.state, found.minutes, found.in_flight) == (State.NOT_CONNECTED, [], 0)


def test_without_a_worker_it_says_so_and_with_one_it_runs(books: Books) -> None:
    assert seen(books).running.state is State.NO_WORKER
    heartbeats.beat("worker:1")
    assert seen(books).running.state is State.RUNNING


def posted_a_minute_ago() -> None:
    """What waits was posted before all that was settled, as the rest of one queue."""
    with transaction() as session:
        waiting = update(Message).where(Message.state == MessageState.WAITING)
        session.execute(waiting.values(posted_at=clock.now() - timedelta(minutes=1)))


def test_the_queue_counts_what_waits_and_how_fast_it_goes(books: Books) -> None:
    heartbeats.beat("worker:1")
    books.invoice()
    for _ in range(36):
        books.firm.open()
    assert (seen(books).queue.waiting, seen(books).queue.a_minute) == (36, None)
    posted_a_minute_ago()
    found = seen(books)
    assert (found.queue.waiting, found.queue.parked, found.queue.a_minute) == (36, 0, 18.0)
    assert found.minutes_left == 2


def test_no_time_is_told_while_nothing_runs_or_no_rate_is_known(books: Books) -> None:
    heartbeats.beat("worker:1")
    books.firm.open()
    assert seen(books).minutes_left is None
    books.send()
    books.firm.open()
    posted_a_minute_ago()
    assert seen(books).minutes_left == 1
    controls.pause(connection(books), ANN, "year end")
    assert seen(books).minutes_left is None


def test_a_pause_is_no_part_of_the_pace(books: Books) -> None:
    """Three were settled, then somebody went to lunch: what is left does not take hours because of that."""
    heartbeats.beat("worker:1")
    books.invoice()
    books.firm.open()
    posted_a_minute_ago()
    assert seen(books).queue.a_minute == 18.0
    controls.pause(connection(books), ANN, "lunch")
    controls.resume(connection(books), ANN)
    assert (seen(books).queue.a_minute, seen(books).minutes_left) == (None, None)
    books.send()
    for _ in range(2):
        books.invoice()
    books.firm.open()
    posted_a_minute_ago()
    assert seen(books).queue.a_minute == 18.0


def test_it_does_not_say_running_while_all_that_is_left_waits_for_a_person(books: Books) -> None:
    """A client is held, and its two invoices wait behind it."""
    heartbeats.beat("worker:1")
    with transaction():
        client = tray.post(Subject("client", books.firm.bolt.id), books.firm.entity.lane)
        settling.park(client.id, f"client:{books.firm.bolt.id}", "A vendor has this name.")
    books.firm.open(client=books.firm.bolt)
    books.firm.open(client=books.firm.bolt)
    books.send()
    found = seen(books)
    assert (found.queue.waiting, found.queue.behind, found.queue.in_line) == (2, 2, 0)
    assert (found.running.state, found.running.words) == (State.HELD, "Waiting for somebody")
    assert found.running.sentence == "3 operations are held until somebody decides; everything else has been sent."


def test_a_trial_names_who_asked_and_what_goes_next(books: Books) -> None:
    heartbeats.beat("worker:1")
    controls.send_one(connection(books), ANN)
    assert seen(books).running.sentence == "Ann asked for it. Nothing is in line; it is the next opened or released."
    books.firm.open()
    assert seen(books).running.sentence == "Ann asked for it. Next is Invoice INV-00001 of Acme."


def test_what_is_tried_again_by_itself_is_listed_with_its_time(books: Books) -> None:
    document, later = books.firm.open(), clock.now() + timedelta(minutes=5)
    with transaction():
        message = tray.post(document.subject, books.firm.entity.lane)
    with transaction():
        settling.give_back(message.id, later, "QuickBooks has trouble.", charge=True)
    (listed,) = seen(books).queue.later
    assert (listed.name.label, listed.due_at, listed.tries) == (document.number, later, 1)


def test_a_pause_names_who_and_why(books: Books) -> None:
    controls.pause(connection(books), ANN, "year end")
    found = seen(books).running
    assert (found.words, found.sentence) == ("Paused by Ann", "year end")


def test_requests_of_this_minute_count_against_the_limit(books: Books) -> None:
    now = clock.now().replace(second=0, microsecond=0)
    with transaction() as session:
        row = session.get(CallMinute, (REALM, "live", now)) or CallMinute(realm_id=REALM, mode="live", minute=now)
        row.requests = 120
        session.add(row)
    assert seen(books).requests_left <= 380


def test_reads_are_shown_against_their_budget_and_an_end_that_is_near_is_named(books: Books) -> None:
    assert (seen(books).meter.budget, seen(books).ending) == (500_000, None)
    with transaction():
        connection(books).hard_expires_at = clock.now() + timedelta(days=6.5)
    near = seen(books).ending
    assert near is not None
    assert (near.days, near.warning) == (6, 7)


def test_an_hour_has_sixty_minutes_whether_calls_were_made_or_not() -> None:
    minute = NOON.replace(second=0) - timedelta(minutes=5)
    row = CallMinute(realm_id=REALM, mode="live", minute=minute, requests=9, throttled=2, errors=1)
    minutes = hour([row], NOON)
    assert (len(minutes), minutes[-1].at, minutes[54].requests) == (60, NOON.replace(second=0), 9)
    assert minutes[54].well == 6
