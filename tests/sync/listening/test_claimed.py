"""An event is taken in by the one who has claimed it; whose claim has lapsed leaves it as it stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.foundation import clock
from app.foundation.database import db, transaction
from app.quickbooks.realm import Realm
from app.sync.listening import claimed, inbox, pull, unpacking
from app.sync.listening.claimed import CLAIMED_FOR, Claimed
from app.sync.listening.deliveries import Event, EventState
from app.sync.records.effects import KNOWN, Effect
from tests.simulation import REALM
from tests.sync import weather
from tests.sync.books import Books

APPLIED = Effect(changed=True, sentence="The invoice is paid.")


def told(books: Books) -> None:
    """A payment was made there, and its events wait."""
    books.pay(books.invoice(), "120.00")
    for call in books.simulation.webhooks():
        inbox.keep(call.raw, call.headers["intuit-signature"], "test", books.verifiers)
    unpacking.open_deliveries()


def effects() -> set[str | None]:
    db.session.rollback()
    return {event.effect for event in db.session.scalars(select(Event))}


@pytest.mark.parametrize("entity", ["Payment", "Preferences"])
def test_a_pause_of_one_company_is_not_slept_through_while_others_wait_to_be_heard(books: Books, entity: str) -> None:
    with weather.held_clock() as moment, transaction() as session:
        event = {"entity": entity, "remote_id": "1", "verb": "updated", "at": moment.now(), "due_at": moment.now()}
        session.add(Event(connection_id=books.connection_id, remote_event_id="one", **event))
    with clock.use(moment):
        until = moment.now() + timedelta(seconds=80)
        books.engine.quickbooks.governor.pause(Realm(REALM, "live"), until, "Intuit asked for it")
        assert (pull.work(books.engine), moment.monotonic()) == (0, 0)
        waits = db.session.scalars(select(Event)).one()
        assert (waits.state, waits.tries) == (EventState.WAITING, 0)
        assert abs(waits.due_at - until) < timedelta(seconds=1)


def taken_over(books: Books) -> list[Claimed]:
    """What the first claimed who was then silent too long; a second one has settled it."""
    with weather.held_clock() as moment:
        moment.move(timedelta(seconds=5))
        first = claimed.claim(books.connection_id)
        moment.move(CLAIMED_FOR + timedelta(seconds=1))
        claimed.settle(claimed.claim(books.connection_id), APPLIED)
    assert first
    return first


def test_what_another_settled_stays_as_it_says(books: Books) -> None:
    told(books)
    claimed.settle(taken_over(books), KNOWN)
    assert effects() == {APPLIED.sentence}


def test_what_another_settled_is_not_put_off(books: Books) -> None:
    told(books)
    claimed.put_off(taken_over(books), "QuickBooks did not answer.")
    assert {event.state for event in db.session.scalars(select(Event))} == {EventState.APPLIED}


@pytest.mark.parametrize(("since", "waits"), [(0, 1), (5, 5), (3000, 15), (-120, 1)])
def test_what_waits_for_an_answer_is_looked_at_less_often_the_longer_that_is_out(
    books: Books, since: int, waits: int
) -> None:
    told(books)
    with weather.held_clock() as moment:
        moment.move(timedelta(seconds=5))
        first = claimed.claim(books.connection_id)
        with transaction() as session:
            for event in session.scalars(select(Event)):
                event.at = moment.now() - timedelta(minutes=since)
        claimed.await_answer(first, "It is being told.")
        events = db.session.scalars(select(Event).where(Event.id.in_([event.id for event in first]))).all()
        assert {(event.due_at - moment.now(), event.tries) for event in events} == {(timedelta(minutes=waits), 0)}
