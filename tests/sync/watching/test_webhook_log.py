"""Tenants are walls in the webhook log too, though a call belongs to nobody."""

from __future__ import annotations

import json

from app.foundation import clock
from app.foundation.database import transaction
from app.foundation.tenancy import acting_for
from app.quickbooks.models import IntuitApp
from app.sync.listening import inbox, unpacking
from app.sync.records.slices import Place
from app.sync.watching import webhook_log
from app.sync.watching.webhook_log import Arrival, Reader, Show
from tests.sync.books import Books
from tests.sync.listening.test_unpacking import a_neighbour, cloud_event, deliver
from tests.world import World

ADMIN, STAFF = Reader(sees_refused=True), Reader(sees_refused=False)


def seen(reader: Reader = ADMIN, show: Show = Show.ALL, search: str = "") -> list[Arrival]:
    return list(webhook_log.arrivals(reader, show, search, Place()).rows)


def test_each_sees_its_own_events_of_a_shared_call(books: Books, northgate: World) -> None:
    a_neighbour(northgate, "77")
    deliver([cloud_event(1), cloud_event(2, "77"), cloud_event(3, "4711")])
    unpacking.open_deliveries()
    (ours,) = seen()
    assert ([event.remote_id for event in ours.events], ours.problem) == (["1"], "")
    with acting_for(northgate.southbank.id):
        (theirs,) = seen()
        assert [event.remote_id for event in theirs.events] == ["2"]


def test_a_call_without_an_event_of_ours_is_not_ours(books: Books, northgate: World) -> None:
    a_neighbour(northgate, "77")
    deliver([cloud_event(2, "77")])
    unpacking.open_deliveries()
    assert seen() == []


def test_a_refused_call_is_seen_by_administrators_only(books: Books) -> None:
    inbox.keep(b"[]", "forged", "203.0.113.9", books.verifiers)
    (call,) = seen()
    assert (call.word, call.tone, call.delivery.body) == ("Refused", "bad", None)
    assert seen(STAFF) == []


def test_what_arrives_at_an_own_app_s_address_is_seen_by_its_owner_alone(books: Books, northgate: World) -> None:
    with acting_for(northgate.southbank.id), transaction() as session:
        app = IntuitApp(mode="live", slug="southbank", client_id="c", changed_at=clock.now())
        session.add(app)
        session.flush()
        app_id = app.id
    inbox.keep(b"[]", "forged", "x", inbox.Verifiers({}, app_id))
    assert seen() == []
    with acting_for(northgate.southbank.id):
        assert len(seen()) == 1


def test_the_same_call_again_is_known_already(books: Books) -> None:
    raw = json.dumps([cloud_event(1)]).encode()
    for _ in range(2):
        deliver(json.loads(raw))
        unpacking.open_deliveries()
    assert [call.word for call in seen()] == ["Known already", "Being read"]


def test_effects_and_ids_are_found(books: Books) -> None:
    deliver([cloud_event(4711)])
    for _look in range(3):  # what is missing is believed to be gone at the third look
        books.take_in()
    assert len(seen(search="nothing of ours")) == len(seen(search="4711")) == len(seen(search="invoice")) == 1
    assert seen(search="elephant") == []


def test_the_tabs_part_accepted_from_refused(books: Books) -> None:
    deliver([cloud_event(1)])
    unpacking.open_deliveries()
    inbox.keep(b"[]", "forged", "x", books.verifiers)
    assert [len(seen(show=show)) for show in (Show.ALL, Show.ACCEPTED, Show.REFUSED, Show.FAILED)] == [2, 1, 1, 0]


def test_the_last_valid_event_is_one_of_ours(books: Books, northgate: World) -> None:
    a_neighbour(northgate, "77")
    deliver([cloud_event(2, "77")])
    unpacking.open_deliveries()
    assert webhook_log.last_valid_at() is None
    deliver([cloud_event(1)])
    unpacking.open_deliveries()
    assert webhook_log.last_valid_at() is not None
