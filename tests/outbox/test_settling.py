"""How a message leaves its state; whoever comes too late changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.foundation.database import transaction
from app.outbox import settling
from app.outbox.models import MessageState
from tests.outbox.desk import CLIENT, INVOICE, LANE, OTHER_LANE, due, fly, look, post, states
from tests.world import World

LATER = datetime(2030, 1, 1, tzinfo=UTC)
WAITING, PARKED, SENDING, CANCELLED = (
    MessageState.WAITING,
    MessageState.PARKED,
    MessageState.SENDING,
    MessageState.CANCELLED,
)


def test_an_edit_since_it_was_decided_keeps_it_out_of_the_envelope(northgate: World) -> None:
    message_id = post()
    post()
    with transaction():
        assert settling.put_in_envelope({message_id: 1}) == set()
        assert settling.put_in_envelope({message_id: 2}) == {message_id}
        assert settling.put_in_envelope({message_id: 2}) == set()


@pytest.mark.parametrize(("charge", "tries"), [(True, 1), (False, 0)])
def test_what_heals_is_given_back_and_charged_or_not(northgate: World, *, charge: bool, tries: int) -> None:
    message_id = fly(post())
    with transaction():
        assert settling.give_back(message_id, LATER, "busy", charge=charge)
    message = look(message_id)
    assert (message.state, message.due_at, message.reason, message.tries) == (WAITING, LATER, "busy", tries)


@pytest.mark.parametrize("end", ["give back", "park"])
def test_a_newer_change_that_waits_takes_the_old_one_in(northgate: World, end: str) -> None:
    message_id = fly(post())
    post()
    with transaction():
        if end == "park":
            settling.park(message_id, "invoice:7", "refused")
        else:
            settling.give_back(message_id, LATER, "busy", charge=True)
    assert (states(), look(message_id).reason) == ([CANCELLED, WAITING], "A newer change took its place.")


def test_what_is_over_stays_over(northgate: World) -> None:
    message_id = post()
    with transaction():
        assert settling.cancel_one(message_id, "voided")
        assert not settling.settle(message_id)
        assert not settling.skip(message_id, "x")
        assert not settling.park(message_id, "x", "x")
        assert not settling.give_back(message_id, LATER, "x", charge=True)
    assert states(INVOICE) == [CANCELLED]


def test_what_was_put_into_an_envelope_meanwhile_is_not_taken_back(northgate: World) -> None:
    message_id = fly(post())
    with transaction():
        assert not settling.cancel_one(message_id, "kept back")
        assert settling.cancel(INVOICE, reason="kept back") == 0
        assert settling.give_up(message_id, "disconnected")


@pytest.mark.parametrize("end", [settling.skip, settling.cancel_one])
def test_whatever_ends_without_being_told_wakes_who_waits_for_its_subject(
    northgate: World, end: Callable[[int, str], bool]
) -> None:
    client, invoice = post(CLIENT), post()
    with transaction():
        settling.await_subject(invoice, CLIENT, "Waits until Acme is in QuickBooks.")
        end(client, "Taken back by Olivia.")
    assert due() == [INVOICE]
    assert (look(invoice).blocker, look(invoice).reason) == (None, None)


def test_taking_back_a_subject_wakes_who_waits_for_it_in_each_mode(northgate: World) -> None:
    for lane in (LANE, OTHER_LANE):
        post(CLIENT, lane)
        invoice = post(INVOICE, lane)
        with transaction():
            settling.await_subject(invoice, CLIENT, "Waits until Acme is in QuickBooks.")
    with transaction():
        assert settling.cancel(CLIENT, reason="kept back") == 2
    assert due(LANE) == due(OTHER_LANE) == [INVOICE]


def test_what_is_settled_has_no_reason_any_more(northgate: World) -> None:
    message_id = fly(post())
    with transaction():
        settling.give_back(message_id, LATER, "busy", charge=True)
        settling.settle(message_id)
    message = look(message_id)
    assert (message.state, message.reason, message.settled_at is not None) == (MessageState.DONE, None, True)


def test_a_long_blocker_is_cut_and_not_refused_by_the_database(northgate: World) -> None:
    message_id = post()
    with transaction():
        settling.park(message_id, "x" * 300, "why")
    assert look(message_id).blocker == "x" * 120
