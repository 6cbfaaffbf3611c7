"""Writing down what became of an envelope: as many statements for thirty members as for three."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from app.billing import invoicing
from app.billing.document import Document
from app.foundation.clock import HeldClock
from app.foundation.database import db, transaction
from app.foundation.tenancy import current_organisation
from app.outbox.models import MessageState, Priority
from app.sync.answered import landing
from app.sync.answered.ground import Ground
from app.sync.answered.passengers import Passenger
from app.sync.telling.drain import drain
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books
from tests.sync.telling.test_without_call import refused_by_the_database


@pytest.fixture(autouse=True)
def _within_one_minute(held: HeldClock) -> None:
    """The first call of a minute writes more than the others, so a minute must not end between two runs compared."""


def opened(books: Books, number: int) -> list[Document]:
    """So many invoices, opened as a run does it."""
    drafts = [books.firm.draft() for _number in range(number)]
    with transaction():
        return [invoicing.open_document(draft, actor=ANN, priority=Priority.RUN) for draft in drafts]


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that the database is given in this block; many rows of one statement count once."""
    told: list[str] = []

    def tell(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        told.append(" ".join(statement.split())[:60])

    event.listen(db.engine, "before_cursor_execute", tell)
    try:
        yield told
    finally:
        event.remove(db.engine, "before_cursor_execute", tell)


def sent(books: Books, number: int) -> list[str]:
    documents = opened(books, number)
    with statements() as told:
        books.send()
    assert {weather.state(document) for document in documents} == {MessageState.DONE}
    return told


def test_thirty_documents_are_told_by_as_many_statements_as_three(books: Books) -> None:
    books.invoice()
    few, many = sent(books, 3), sent(books, 30)
    assert len(many) == len(few)


def test_thirty_updates_are_told_by_as_many_statements_as_three(books: Books) -> None:
    books.invoice()
    few, many = (_amended(books, opened(books, number)) for number in (3, 30))
    assert len(many) == len(few)


def _amended(books: Books, documents: list[Document]) -> list[str]:
    books.send()
    with transaction():
        for document in documents:
            content = books.firm.content(books.firm.line("150"))
            invoicing.change(db.session.get_one(Document, document.id), content, actor=ANN, priority=Priority.RUN)
    with statements() as told:
        books.send()
    return told


def test_a_lost_answer_is_noted_for_thirty_members_as_for_three(books: Books) -> None:
    books.invoice()
    few, many = (_lost(books, opened(books, number)) for number in (3, 30))
    assert len(many) == len(few)


def _lost(books: Books, documents: list[Document]) -> list[str]:
    weather.order(books, "lost_after", kind="batch")
    with statements() as told:
        drain(books.engine, current_organisation(), books.firm.entity.lane)
    assert {weather.outcomes(document)[0] for document in documents} == {"unknown"}
    books.send()
    return told


def stumbles_over(bad: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on what QuickBooks answers about it can't be written down."""
    land = landing._LANDERS["invoice"]

    def stumbling(known: Ground, person: Passenger, seen: dict[str, Any]) -> str:
        if person.subject == bad.subject:
            refused_by_the_database()
        return land(known, person, seen)

    monkeypatch.setitem(landing._LANDERS, "invoice", stumbling)


def test_one_answer_that_cannot_be_written_down_keeps_no_other_back(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.invoice()
    bad, *others = opened(books, 3)
    stumbles_over(bad, monkeypatch)
    drain(books.engine, current_organisation(), books.firm.entity.lane)
    assert {weather.state(document) for document in others} == {MessageState.DONE}
    assert (weather.state(bad), weather.outcomes(bad)[0]) == (MessageState.SENDING, "unknown")
    assert "could not be written down" in weather.reason(bad)
    (envelope,) = weather.unanswered()
    assert ([member.message_id for member in envelope.members], envelope.unknown_outcomes > 0) == (
        [weather.message_of(bad).id],
        True,
    )


def test_once_it_can_be_written_down_it_is_and_nothing_was_made_twice(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.invoice()
    bad, *others = opened(books, 3)
    with monkeypatch.context() as patched:
        stumbles_over(bad, patched)
        books.send()
    changed = books.link(others[0]).sync_token
    weather.settle_all(books)
    assert (weather.state(bad), weather.outcomes(bad)[-1]) == (MessageState.DONE, "sent")
    assert (weather.outcomes(others[0]), books.link(others[0]).sync_token) == (["sent"], changed)
    assert len(weather.there(books)) == 4
