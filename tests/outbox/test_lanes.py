"""What is due in a lane, in which order, and what a release lets go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import transaction
from app.foundation.tenancy import acting_for, everywhere
from app.outbox import lanes, settling
from app.outbox.models import MessageState, Priority, Subject
from tests.outbox.desk import CLIENT, INVOICE, LANE, OTHER_LANE, due, fly, look, post, states
from tests.world import World


@pytest.fixture
def held() -> Iterator[HeldClock]:
    with clock.use(held_clock := HeldClock(datetime(2026, 3, 2, 9, tzinfo=UTC))):
        yield held_clock


def invoices(*numbers: int, priority: Priority = Priority.RUN) -> list[Subject]:
    subjects = [Subject("invoice", number) for number in numbers]
    for subject in subjects:
        post(subject, priority=priority)
    return subjects


def test_persons_come_before_runs_and_older_before_newer(northgate: World) -> None:
    runs, pulled = invoices(1, 2), invoices(3, priority=Priority.PULL)
    clicked = invoices(5, 4, priority=Priority.PERSON)
    assert due() == [*clicked, *pulled, *runs]


def test_no_more_than_asked_for_and_without_those_that_were_seen(northgate: World) -> None:
    invoices(1, 2, 3)
    assert due(limit=2) == [Subject("invoice", 1), Subject("invoice", 2)]
    seen = [message.id for message in lanes.due(LANE, 2)]
    assert [message.subject.id for message in lanes.due(LANE, 2, without=seen)] == [3]


def test_what_flies_already_is_not_due_again(northgate: World) -> None:
    flying = fly(post())
    post()
    assert due() == []
    with transaction():
        settling.settle(flying)
    assert due() == [INVOICE]


def test_what_flies_in_one_mode_does_not_hold_the_other(northgate: World) -> None:
    fly(post())
    post(INVOICE, OTHER_LANE)
    assert due(OTHER_LANE) == [INVOICE]


def test_what_is_due_later_waits(northgate: World, held: HeldClock) -> None:
    message_id = fly(post())
    with transaction():
        settling.give_back(message_id, clock.now() + timedelta(minutes=5), "later", charge=True)
    assert (due(), lanes.next_due_at(LANE)) == ([], clock.now() + timedelta(minutes=5))
    held.move(timedelta(minutes=6))
    assert due() == [INVOICE]


def test_a_release_lets_go_only_what_waits_for_that_blocker(northgate: World) -> None:
    with_42, with_43 = post(Subject("invoice", 1)), post(Subject("invoice", 2))
    with transaction():
        settling.park(with_42, "service:42", "")
        settling.park(with_43, "service:43", "")
        assert lanes.release(LANE, "service:42") == 1
    assert due() == [Subject("invoice", 1)]


def test_a_release_in_one_mode_leaves_the_other_held(northgate: World) -> None:
    message_id = post(INVOICE, OTHER_LANE)
    with transaction():
        settling.park(message_id, "service:42", "")
        assert lanes.release(LANE, "service:42") == 0
    assert states() == [MessageState.PARKED]


def test_what_waits_for_its_client_is_due_when_that_is_settled(northgate: World) -> None:
    invoice, client = post(), post(CLIENT)
    with transaction():
        settling.await_subject(invoice, CLIENT, "Waits until Acme is in QuickBooks.")
    assert (due(), lanes.next_due_at(LANE)) == ([CLIENT], look(client).due_at)
    with transaction():
        settling.settle(fly_now(client))
    assert due() == [INVOICE]


def fly_now(message_id: int) -> int:
    assert settling.put_in_envelope({message_id: look(message_id).generation})
    return message_id


def test_a_person_tries_again_what_is_parked_but_not_what_flies(northgate: World) -> None:
    parked, flying = post(Subject("invoice", 1)), fly(post(Subject("invoice", 2)))
    with transaction():
        settling.park(parked, "invoice:1", "refused")
        assert lanes.release_ids(LANE, [parked, flying]) == 1
    assert due() == [Subject("invoice", 1)]


def test_the_sweep_finds_the_lanes_of_all_organisations(northgate: World) -> None:
    post()
    with acting_for(northgate.southbank.id):
        post(INVOICE, OTHER_LANE)
    with everywhere():
        assert set(lanes.due_lanes()) == {(northgate.northgate.id, LANE), (northgate.southbank.id, OTHER_LANE)}


def test_pending_are_those_that_wait_are_parked_or_fly(northgate: World) -> None:
    waiting, parked, flying, done = (Subject("client", number) for number in range(1, 5))
    ids = {subject: post(subject) for subject in (waiting, parked, flying, done)}
    with transaction():
        settling.park(ids[parked], "client:2", "")
        settling.settle(ids[done])
    fly(ids[flying])
    assert lanes.pending_among([waiting, parked, flying, done, INVOICE], LANE) == {waiting, parked, flying}
    assert lanes.busy_subjects("client", LANE) == {1, 2, 3}


def test_the_newest_message_of_each_subject(northgate: World) -> None:
    first = post()
    with transaction():
        settling.skip(first, "automatic push is off")
    newest = post()
    assert lanes.latest_of([INVOICE], LANE)[INVOICE].id == newest
    assert lanes.latest_of([]) == {}


def test_counts_and_the_longest_wait(northgate: World, held: HeldClock) -> None:
    post()
    held.move(timedelta(hours=1))
    fly(post(CLIENT))
    assert lanes.counts(LANE) == {MessageState.WAITING: 1, MessageState.SENDING: 1}
    assert lanes.oldest_wait(LANE) == clock.now() - timedelta(hours=1)
