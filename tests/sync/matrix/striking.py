"""Striking a call with a fault, seeing what became of it, and healing: the hands of the fault matrix."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, select, update

from app.billing.document import Document
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.outbox.models import Message, MessageState, Subject
from app.quickbooks.counters import month_of
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.ports import HttpRequest
from app.quickbooks.realm import ReadMonth, Realm
from app.quickbooks.refused_keys import RefusedKeys
from app.quickbooks.spent_reads import SpentReads
from app.sync.listening import catchup
from app.sync.listening.cursors import Cursor
from app.sync.records.envelopes import Envelope, EnvelopeState, Member
from app.sync.records.links import LinkState, link_of
from app.sync.steering import controls
from tests.simulation import REALM
from tests.sync import weather
from tests.sync.books import Books
from tests.sync.matrix.fault_matrix import FAULTS, Fault
from tests.sync.matrix.fault_scenes import CALLS, Call, Scene, cursor_of, last_event, settled_of
from tests.sync.matrix.nearby import NearbySimulation

_NUMBERS = count(1)
_OPEN = (MessageState.WAITING, MessageState.PARKED, MessageState.SENDING)


def calm(books: Books) -> None:
    """The weather is fine, the company connected, and nobody waits any longer than he must; the keys are good again."""
    simulated = books.simulation
    assert isinstance(simulated, NearbySimulation)
    simulated.clear()
    simulated.line.is_down = lambda _request: False
    books.engine.quickbooks.governor.resume(Realm(REALM, "live"))
    _renew_month(books)
    books.engine.quickbooks.oauth._refused = RefusedKeys()  # who corrects the app's keys starts the process anew
    if db.session.get_one(Connection, books.connection_id, populate_existing=True).state is not ConnectionState.ACTIVE:
        books.reconnect()
    end_reading()


def settle_down(books: Books) -> None:
    """Nothing is left for the next cell: neither weather nor messages that wait."""
    calm(books)
    with transaction() as session:
        session.execute(update(Envelope).values(state=EnvelopeState.ANSWERED))
        session.execute(update(Message).where(Message.state.in_(_OPEN)).values(state=MessageState.CANCELLED))
        session.execute(update(Cursor).values(gap=None, held_until=None, run_id=None))


def _renew_month(books: Books) -> None:
    """The budget of reads was raised, for which the process was started anew."""
    books.engine.quickbooks._sending._spent = SpentReads(books.engine.settings.monthly_reads)
    with transaction() as session:
        session.execute(delete(ReadMonth))


def _use_up_month(books: Books) -> None:
    settings = books.engine.settings
    with transaction() as session:
        month = {"client_id": settings.intuit_client_id, "month": month_of(clock.now())}
        session.merge(ReadMonth(**month, reads=settings.monthly_reads))


def order(books: Books, fault: Fault, call: Call, name: str) -> None:
    """Let this fault strike this call."""
    simulated = books.simulation
    assert isinstance(simulated, NearbySimulation)
    if fault.effect == "not_sent":
        simulated.line.is_down = lambda request: _is(request, call)
        return
    if fault.month_is_spent:
        _use_up_month(books)
    simulated.control("faults", {"kind": call.word, "operation": call.operation, **_wish(fault, name)})


def _wish(fault: Fault, name: str) -> dict[str, Any]:
    said: dict[str, Any] = {"code": fault.code} if fault.code else {}
    said |= {"detail": fault.detail} if fault.detail else {}
    said |= {"status": fault.status} if fault.status else {}
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
    if scene.missed:
        ends = {_cursor_seen(books)}
    elif scene.paid:
        ends = {_event_seen()}
    else:
        ends = {_message_seen(books, subject) for subject in scene.struck}
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
    if _is_gone(books, subject):
        words.append("removed")
    return f"{' '.join(words)}, tries {message.tries}"


def _event_seen() -> str:
    event = last_event()
    after = f" {_after(event.due_at)}" if event.state == "waiting" else ""
    return f"{event.state.value}{after}, tries {event.tries}"


def _cursor_seen(books: Books) -> str:
    cursor = cursor_of(books)
    if cursor.run_id is not None:
        return "compares instead"
    return f"behind, again {_after(cursor.held_until)}" if cursor.gap else "caught up"


def _after(due_at: Any) -> str:
    seconds = round((due_at - clock.now()).total_seconds())
    return "now" if seconds <= 0 else f"in {seconds} s"


def told(books: Books, scene: Scene) -> str:
    """The sentence that a person reads."""
    if scene.missed:
        return cursor_of(books).problem or ""
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
    if scene.missed:
        books.run_waiting()  # a comparison that looks instead
        catch_up_again(books)


def catch_up_again(books: Books) -> None:
    """The pause is over."""
    with transaction() as session:
        session.execute(update(Cursor).values(held_until=None))
    catchup.work(books.engine)
    while books.take_in():
        pass


def faults_in(books: Books, scene: Scene) -> Iterator[str]:
    """Every way in which both sides are not as they should be in the end."""
    for document in scene.documents:
        yield from _faults_of(books, books.fresh(document), voided=scene.voided)
    kind, name = scene.named
    if kind and len(_there(books, kind, ("FullyQualifiedName", name))) != 1:
        yield f"{kind} {name} is not there once"
    if scene.paid and settled_of(books, scene.paid) != scene.paid.gross_pence:
        yield f"{scene.paid.title} is paid by {settled_of(books, scene.paid)}"
    if scene.missed and settled_of(books, scene.missed) != scene.missed.gross_pence:
        yield f"{scene.missed.title} was paid by {settled_of(books, scene.missed)}"


def _faults_of(books: Books, document: Document, *, voided: bool) -> Iterator[str]:
    """It is there once, done, and over our total; what was heard to be deleted there is only never made again."""
    found = _there(books, "Invoice", ("DocNumber", str(document.number)))
    if len(found) != 1:
        yield f"{document.title} is there {len(found)} times"
    elif not _is_gone(books, document.subject):
        state = weather.state(document)
        total, wanted = round(found[0]["TotalAmt"] * 100), 0 if voided else document.gross_pence
        over = (
            {MessageState.DONE, MessageState.CANCELLED} if voided else {MessageState.DONE}
        )  # found void: nothing to tell
        if state not in over or total != wanted:
            yield f"{document.title} is {state}, over {total} there: {weather.reason(document)}"


def _there(books: Books, kind: str, named: tuple[str, str]) -> list[dict[str, Any]]:
    """The records of a kind with this value of an indexed property."""
    column, value = named
    world = books.simulation.world
    with world.lock:
        shelf = world.books[REALM].shelves[kind]
        return [shelf.get(one) or {} for one in shelf.find(column, value.casefold())]


def _is_gone(books: Books, subject: Subject) -> bool:
    """Whether QuickBooks was heard to say that it was deleted there: it is never made again, whatever is there."""
    link = link_of(books.connection_id, subject)
    return link is not None and link.state is LinkState.REMOVED


@contextmanager
def struck(books: Books, fault: str, name: str) -> Iterator[Scene]:
    """A scene whose call was struck, at a moment that is held."""
    call = CALLS[name]
    with weather.held_clock():
        scene = call.scene(books, next(_NUMBERS))
        order(books, FAULTS[fault], call, name)
        scene.act()
        yield scene
