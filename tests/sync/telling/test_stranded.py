"""What nothing would ever wake is set free; what is under way is left alone."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from app.foundation.database import transaction
from app.foundation.tenancy import everywhere
from app.outbox.models import Message, MessageState
from app.sync.records.envelopes import Envelope, Member
from app.sync.records.links import Link
from app.sync.telling import stranded
from tests.sync import weather
from tests.sync.books import Books

DONE, SENDING, WAITING = MessageState.DONE, MessageState.SENDING, MessageState.WAITING


def test_what_waits_for_a_subject_that_nobody_tells_is_decided_anew(books: Books) -> None:
    weather.order(books, "member_fault", kind="batch", member=1, code="2010")
    document = books.firm.open()
    books.send()
    assert (weather.state(document), stranded.free()) == (WAITING, 0)
    with transaction() as session:
        session.execute(update(Message).where(Message.kind != "invoice").values(state=MessageState.CANCELLED))
    assert stranded.free() == 1
    books.send()
    assert weather.state(document) is DONE


def test_what_flies_in_no_envelope_is_looked_for_and_not_made_twice(books: Books) -> None:
    books.simulation.control("switches", {"duplicate_number": "accept"})
    document = books.invoice()
    with transaction() as session:
        session.execute(delete(Member))
        session.execute(delete(Envelope))
        session.execute(delete(Link).where(Link.kind == "invoice"))
        told = update(Message).where(Message.kind == "invoice")
        session.execute(told.values(state=SENDING))
    assert stranded.free() == 1
    weather.settle_all(books)
    assert (weather.state(document), len(weather.there(books))) == (DONE, 1)


def test_what_another_worker_freed_and_sent_meanwhile_is_not_freed_again(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = books.firm.open()
    with transaction() as session:
        session.execute(update(Message).where(Message.kind == "invoice").values(state=SENDING))
    with everywhere():
        seen = stranded._without_envelope()
    weather.order(books, "lost_before", kind="invoice", count=0)
    stranded.free()
    for _round in range(3):
        weather.hurry()
        books.send()
    monkeypatch.setattr(stranded, "_without_envelope", lambda: seen)
    assert (stranded.free(), weather.state(document), len(weather.unanswered())) == (0, SENDING, 1)


def test_what_is_on_its_way_is_left_alone(books: Books) -> None:
    books.invoice()
    weather.order(books, "lost_before", kind="invoice", count=0)
    document = books.firm.open()
    books.send()
    assert (stranded.free(), weather.state(document)) == (0, SENDING)
