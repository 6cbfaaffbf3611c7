"""What is settled without a call: one that stumbles is held by itself, and the others are settled."""

from __future__ import annotations

import pytest
from sqlalchemy import exc, text

from app.foundation.database import db
from app.outbox import settling
from app.outbox.models import MessageState
from tests.sync import weather
from tests.sync.books import Books
from tests.sync.telling.test_delivering import batched


def refused_by_the_database() -> None:
    """Say what no database carries out; SQLite, which divides by nought, is helped."""
    db.session.execute(text("SELECT 1 / 0"))
    raise exc.DataError("SELECT 1 / 0", None, ZeroDivisionError())


def test_one_that_cannot_be_skipped_is_held_and_the_others_are_skipped(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.invoice()
    weather.rule(books, automatic_push=False)
    bad, *others = batched(books)
    first, skip = weather.message_of(bad).id, settling.skip

    def stumbling(message_id: int, reason: str) -> bool:
        if message_id == first:
            refused_by_the_database()
        return skip(message_id, reason)

    monkeypatch.setattr(settling, "skip", stumbling)
    books.send()
    assert {weather.state(document) for document in others} == {MessageState.SKIPPED}
    assert weather.state(bad) is MessageState.PARKED
    assert "a fault in Counterfoil" in weather.reason(bad)


def test_a_database_that_is_away_holds_nobody(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    books.invoice()
    weather.rule(books, automatic_push=False)
    documents = batched(books)

    def away(*_told: object) -> bool:
        raise exc.OperationalError("UPDATE", None, OSError("disk I/O error"))

    monkeypatch.setattr(settling, "skip", away)
    with pytest.raises(exc.OperationalError):
        books.send()
    assert {weather.state(document) for document in documents} == {MessageState.WAITING}
