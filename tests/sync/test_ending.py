"""Writing down what became of an envelope: as many statements for thirty members as for three."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from app.billing import invoicing
from app.billing.document import Document
from app.foundation.database import db, transaction
from app.foundation.tenancy import current_organisation
from app.outbox.models import MessageState, Priority
from app.sync.drain import drain
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books


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
