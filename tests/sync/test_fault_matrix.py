"""Each cell of the fault matrix, played by the real engine over the simulator."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.tenancy import acting_for
from app.outbox.models import Message, MessageState, Subject
from app.quickbooks import errors
from app.quickbooks.client import QuickBooks
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.ports import HttpRequest
from app.quickbooks.realm import Realm
from app.quickbooks.sayings import SAYINGS, Mends, saying
from app.simulator.factory import create_simulator
from app.sync import controls
from app.sync.engine import EXTENSION, Engine
from app.sync.envelopes import Envelope, EnvelopeState, Member
from app.sync.links import LinkState, link_of
from tests import portal, simulation, world
from tests.simulation import REALM
from tests.sync import weather
from tests.sync.books import Books, connect
from tests.sync.fault_matrix import CANNOT, CELLS, ENDS, FAULTS, Fault, sentence
from tests.sync.fault_scenes import CALLS, Call, Scene, last_event, settled_of
from tests.sync.nearby import NearbySimulation

NUMBERS = count(1)
OPEN = (MessageState.WAITING, MessageState.PARKED, MessageState.SENDING)


class Longest(random.Random):
    """Chance that always draws the longest pause, so that the class of a due time can be told."""

    def uniform(self, a: float, b: float) -> float:
        """Not by chance at all."""
        return max(a, b)


@pytest.fixture(scope="module")
def stage(built_app: Flask, database_url: str) -> Iterator[Books]:
    """Northgate IT, connected once for all cells, with an invoice, a client and an item that are there."""
    simulated = NearbySimulation(create_simulator(":memory:", limits=False))
    settings = simulation.settings_at(simulated.base, database_url, retry_base_seconds=30.0)
    quickbooks = QuickBooks(simulated.line, settings, settings.sealer())
    made = Engine(quickbooks, settings, owner="test", rng=Longest())
    with built_app.app_context():
        before, built_app.extensions[EXTENSION] = built_app.extensions[EXTENSION], made
        people = world.build()
        with acting_for(people.northgate.id):
            simulated.reset()
            books = connect(made, simulated)
            books.invoice()
            yield books
            end_reading()
        built_app.extensions[EXTENSION] = before
    simulated.world.close()
    portal.empty(built_app)


@pytest.fixture
def books(stage: Books) -> Iterator[Books]:
    """The same books, without what another cell may have left behind."""
    yield stage
    calm(stage)
    with transaction() as session:
        session.execute(update(Envelope).values(state=EnvelopeState.ANSWERED))
        session.execute(update(Message).where(Message.state.in_(OPEN)).values(state=MessageState.CANCELLED))


def calm(books: Books) -> None:
    """The weather is fine, the company connected, and nobody waits any longer than he must."""
    simulated = books.simulation
    assert isinstance(simulated, NearbySimulation)
    simulated.clear()
    simulated.line.is_down = lambda _request: False
    books.engine.quickbooks.governor.resume(Realm(REALM, "live"))
    if db.session.get_one(Connection, books.connection_id, populate_existing=True).state is not ConnectionState.ACTIVE:
        books.reconnect()
    end_reading()


def order(books: Books, fault: Fault, call: Call, name: str) -> None:
    """Let this fault strike this call."""
    simulated = books.simulation
    assert isinstance(simulated, NearbySimulation)
    if fault.effect == "not_sent":
        simulated.line.is_down = lambda request: _is(request, call)
        return
    simulated.control("faults", {"kind": call.word, "operation": call.operation, **_wish(fault, name)})


def _wish(fault: Fault, name: str) -> dict[str, Any]:
    said = {"code": fault.code} if fault.code else {}
    said |= {"detail": fault.detail} if fault.detail else {}
    if name == "member":
        return {"effect": fault.member, "member": 2, **said}
    if name == "refresh" and fault.token:
        return {"effect": "fault", "code": fault.token}
    if name == "refresh":
        return {"effect": _AT_THE_TOKEN_SERVER.get(fault.effect, fault.effect)}
    return {"effect": fault.effect, "count": fault.times, **said}


_AT_THE_TOKEN_SERVER = {"server_error_after": "server_error", "stream_timeout": "lost_after"}
"""There is no telling whether a token was drawn; either way the old one is good until the new one is used."""


def _is(request: HttpRequest, call: Call) -> bool:
    parts = urlsplit(request.url)
    if call.word == "token":
        return parts.path.endswith("/tokens/bearer")
    wanted = {"void": "operation=void" in parts.query, "update": b'"SyncToken"' in request.body}
    return parts.path.endswith(f"/{call.word}") and wanted.get(call.operation, True)


def seen(books: Books, scene: Scene) -> str:
    """What became of those who were struck, in the words of the ends."""
    if scene.said is not None:
        return f"raised {type(scene.said[0]).__name__}" if scene.said else "answered"
    ends = {_event_seen()} if scene.paid else {_message_seen(books, subject) for subject in scene.struck}
    db.session.rollback()
    lost = db.session.get_one(Connection, books.connection_id).state is not ConnectionState.ACTIVE
    return " | ".join(sorted(ends)) + (", not connected" if lost else "")


def _message_seen(books: Books, subject: Subject) -> str:
    message = weather.message_of(subject)
    state = MessageState(message.state)
    words = [state.value]
    if state is MessageState.WAITING:
        words.append(_after(message.due_at))
    if state is MessageState.SENDING:
        flown = select(Envelope).join(Member).where(Member.message_id == message.id, Envelope.state == "stored")
        words.append(_after(db.session.scalars(flown).one().due_at))
    if state is MessageState.PARKED:
        words.append((message.blocker or "").replace(f"{subject.kind}:{subject.id}", "itself").partition(":")[0])
    link = link_of(books.connection_id, subject)
    if link is not None and link.state is LinkState.REMOVED:
        words.append("removed")
    return f"{' '.join(words)}, tries {message.tries}"


def _event_seen() -> str:
    event = last_event()
    after = f" {_after(event.due_at)}" if event.state == "waiting" else ""
    return f"{event.state.value}{after}, tries {event.tries}"


def _after(due_at: Any) -> str:
    seconds = round((due_at - clock.now()).total_seconds())
    return "now" if seconds <= 0 else f"in {seconds} s"


def told(scene: Scene) -> str:
    """The sentence that a person reads."""
    if scene.said is not None:
        return scene.said[0].message if scene.said else ""
    if scene.paid:
        return last_event().effect or ""
    return weather.reason(scene.struck[-1])


def heal(books: Books, scene: Scene) -> None:
    """Fine weather, a person's retry of what waits for one, and the worker's going on."""
    calm(books)
    parked = select(Message.id).where(Message.state == MessageState.PARKED)
    controls.retry(list(db.session.scalars(parked)))
    weather.settle_all(books)
    if scene.paid:
        books.take_in()
    if scene.said:
        scene.said.clear()
        scene.act()


def faults_in(books: Books, scene: Scene, *, is_gone: bool) -> Iterator[str]:
    """Every way in which both sides are not as they should be in the end."""
    for document in scene.documents:
        row = books.fresh(document)
        found = [one for one in weather.there(books) if one["DocNumber"] == row.number]
        if len(found) != 1:
            yield f"{row.title} is there {len(found)} times"
        elif not is_gone and round(found[0]["TotalAmt"] * 100) != (0 if scene.voided else row.gross_pence):
            yield f"{row.title} is there over {found[0]['TotalAmt']}"
        if not is_gone and weather.state(row) is not MessageState.DONE:
            yield f"{row.title} is {weather.state(row)}: {weather.reason(row)}"
    kind, name = scene.named
    if kind and [str(one.get("DisplayName") or one.get("Name")) for one in weather.there(books, kind)].count(name) != 1:
        yield f"{kind} {name} is not there once"
    if scene.paid and settled_of(books, scene.paid) != scene.paid.gross_pence:
        yield f"{scene.paid.title} is paid by {settled_of(books, scene.paid)}"
    if scene.said:
        yield f"asked again, it says {scene.said[0].message}"


@contextmanager
def struck(books: Books, fault: str, name: str) -> Iterator[Scene]:
    """A scene whose call was struck, at a moment that is held."""
    call = CALLS[name]
    with weather.held_clock():
        scene = call.scene(books, next(NUMBERS))
        order(books, FAULTS[fault], call, name)
        scene.act()
        yield scene


@pytest.mark.parametrize(("fault", "name"), [cell for cell, end in CELLS.items() if not end.startswith("-")])
def test_a_fault_at_a_call_ends_as_the_matrix_says(books: Books, fault: str, name: str) -> None:
    end = CELLS[fault, name]
    with struck(books, fault, name) as scene:
        wanted = f"raised {FAULTS[fault].kind.__name__}" if end == "raised" else ENDS[end]
        assert (seen(books, scene), sentence(FAULTS[fault], name, end) in told(scene)) == (wanted, True), told(scene)
        heal(books, scene)
        assert list(faults_in(books, scene, is_gone=end == "gone")) == []


def test_every_fault_at_every_call_is_written_down() -> None:
    assert set(CELLS) == {(fault, call) for fault in FAULTS for call in CALLS}
    assert {end for end in CELLS.values() if end.startswith("-")} <= set(CANNOT)
    assert set(CELLS.values()) - set(CANNOT) == set(ENDS)


def test_every_kind_of_trouble_is_a_row() -> None:
    rows = {fault.kind for fault in FAULTS.values()}
    assert {kind for kind in _kinds(errors.QuickBooksError) if kind is not errors.QuickBooksError} == rows


def _kinds(kind: type[errors.QuickBooksError]) -> Iterator[type[errors.QuickBooksError]]:
    yield kind
    for other in kind.__subclasses__():
        yield from _kinds(other)


def test_every_number_that_leads_elsewhere_is_a_row() -> None:
    """Sayings of one kind with the same mending end alike; each other one has a row of its own."""
    rows = {(fault.kind, saying(fault.code, fault.detail).mends) for fault in FAULTS.values() if fault.code}
    wanted = {(one.kind, one.mends) for one in SAYINGS if one.mends not in {Mends.CONNECTION, Mends.ITSELF}}
    assert wanted <= rows
