"""Deliveries opened: each event once, each to its own company, and nobody speaks in another's name."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from app.billing.entity import BillingEntity
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.tenancy import acting_for, current_organisation, everywhere
from app.quickbooks.models import Connection, ConnectionState, IntuitApp
from app.sync.listening import inbox, unpacking
from app.sync.listening.deliveries import Delivery, Event, EventState
from tests.simulation import REALM
from tests.sync.books import Books
from tests.sync.commits import commits
from tests.world import World


def cloud_event(number: int, realm: str = REALM) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "id": f"event-{number}",
        "type": "qbo.invoice.updated.v1",
        "time": "2026-03-02T09:00:00Z",
        "intuitentityid": str(number),
        "intuitaccountid": realm,
        "data": {},
    }


def deliver(body: object, *, app_id: int | None = None, mode: str = "live") -> int:
    raw = json.dumps(body).encode()
    with transaction() as session:
        call = Delivery(mode=mode, size=len(raw), digest="d", source="s", body=raw, more=0, intuit_app_id=app_id)
        call.arrived_at = clock.now()
        session.add(call)
        session.flush()
        return call.id


def opened(delivery_id: int) -> Delivery:
    unpacking.open_deliveries()
    return db.session.get_one(Delivery, delivery_id, populate_existing=True)


def remembered() -> list[tuple[int, str]]:
    with everywhere():
        return [(event.organisation_id, event.remote_id) for event in db.session.scalars(select(Event))]


def a_neighbour(world: World, realm: str) -> int:
    """Southbank Systems is connected to a company of its own."""
    with acting_for(world.southbank.id), transaction() as session:
        entity = BillingEntity(name="Southbank Ltd")
        session.add(entity)
        session.flush()
        row = Connection(billing_entity_id=entity.id, mode="live", realm_id=realm, connected_at=clock.now())
        row.state = ConnectionState.ACTIVE
        session.add(row)
        session.flush()
        return row.id


def opened_elsewhere(delivery_id: int) -> None:
    """Another worker was first."""
    with transaction() as session:
        delivery = session.get_one(Delivery, delivery_id)
        delivery.problem, delivery.processed_at = "opened elsewhere", clock.now()


def test_two_companies_in_one_delivery_each_get_their_own(books: Books, northgate: World) -> None:
    a_neighbour(northgate, "77")
    call = opened(deliver([cloud_event(1), cloud_event(2, "77")]))
    assert sorted(remembered()) == [(northgate.northgate.id, "1"), (northgate.southbank.id, "2")]
    assert call.problem is None


def test_an_event_that_is_delivered_twice_is_kept_once(books: Books, northgate: World) -> None:
    opened(deliver([cloud_event(1), cloud_event(1)]))
    opened(deliver([cloud_event(1), cloud_event(2)]))
    assert sorted(remote_id for _id, remote_id in remembered()) == ["1", "2"]


def test_an_unknown_company_is_told_and_harmless(books: Books) -> None:
    call = opened(deliver([cloud_event(1, "4711"), cloud_event(2, "4711")]))
    assert call.problem == "2 of its events are about companies that are not connected here (4711)."
    assert (call.processed_at is not None, remembered()) == (True, [])


def test_what_is_signed_but_unreadable_says_so(books: Books) -> None:
    call = opened(deliver({"hello": "world"}))
    assert call.problem is not None
    assert call.processed_at is not None


@pytest.mark.parametrize("text", [pytest.param("\ud800", id="half a letter"), pytest.param("a\0b", id="nul")])
def test_a_text_that_no_database_stores_keeps_nobody_else_waiting(books: Books, text: str) -> None:
    """Whoever has an app of their own may sign anything: one call of theirs must not stop everybody's payments."""
    poisoned, realm = deliver([{**cloud_event(1), "id": text}]), deliver([cloud_event(3, text)])
    opened(deliver([cloud_event(2)]))
    assert (current_organisation(), "2") in remembered()
    assert all(db.session.get_one(Delivery, call).processed_at for call in (poisoned, realm))


def test_calls_that_wait_are_opened_by_one_commit(books: Books) -> None:
    for number in range(5):
        deliver([cloud_event(number)])
    with commits() as seen:
        assert unpacking.open_deliveries() == 5
    assert (len(seen), len(remembered())) == (1, 5)


def test_one_that_stumbles_takes_no_other_of_its_commit_along(books: Books) -> None:
    before, poisoned, after = [deliver([cloud_event(n) | {"id": text}]) for n, text in enumerate(("a", "\ud800", "b"))]
    unpacking.open_deliveries()
    calls = [db.session.get_one(Delivery, call) for call in (before, poisoned, after)]
    assert [call.problem is None for call in calls] == [True, False, True]
    assert sorted(remote_id for _id, remote_id in remembered()) == ["0", "2"]


def test_large_calls_are_opened_apart(books: Books) -> None:
    """Who knocks meanwhile would wait for all of them."""
    for number in range(3):
        deliver([cloud_event(number) | {"data": {"more": "x" * 20_000}}])
    with commits() as seen:
        unpacking.open_deliveries()
    assert (len(seen), len(remembered())) == (3, 3)


def test_a_call_that_another_worker_has_opened_meanwhile_is_left_alone(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = deliver([cloud_event(1)]), deliver([cloud_event(2)])
    monkeypatch.setattr(unpacking, "end_reading", lambda: opened_elsewhere(first))
    unpacking.open_deliveries()
    assert db.session.get_one(Delivery, first, populate_existing=True).problem == "opened elsewhere"
    assert db.session.get_one(Delivery, second, populate_existing=True).processed_at is not None
    assert [remote_id for _id, remote_id in remembered()] == ["2"]


def test_the_sandbox_does_not_speak_for_production(books: Books) -> None:
    opened(deliver([cloud_event(1)], mode="test"))
    assert remembered() == []


def test_another_organisation_s_own_app_can_t_speak_for_our_company(books: Books, northgate: World) -> None:
    """It knows its own verifier and could sign whatever it likes."""
    with acting_for(northgate.southbank.id), transaction() as session:
        app = IntuitApp(mode="live", slug="southbank", client_id="c", changed_at=clock.now())
        session.add(app)
        session.flush()
        app_id = app.id
    call = opened(deliver([cloud_event(1)], app_id=app_id))
    assert remembered() == []
    assert "not connected here" in (call.problem or "")


def test_many_events_of_one_delivery_are_all_kept(books: Books) -> None:
    opened(deliver([cloud_event(number) for number in range(1200)]))
    opened(deliver([cloud_event(number) for number in range(1200)]))
    assert len(remembered()) == 1200


def test_a_call_processed_anew_makes_its_events_due_and_doubles_nothing(books: Books) -> None:
    delivery_id = deliver([cloud_event(4711) | {"type": "qbo.invoice.deleted.v1"}])
    opened(delivery_id)
    books.hurry()
    books.take_in()
    inbox.open_again(delivery_id)
    books.take_in()
    (event,) = db.session.scalars(select(Event))
    assert (event.state, event.effect) == (EventState.IGNORED, "About nothing of ours.")
