"""Years of history make nothing dearer: no question of the engine walks through the rows that they leave behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from app.billing import invoicing
from app.foundation.database import db, end_reading, transaction
from app.sync import board, connecting, former_links, lately, numbers, sweep
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books

_HISTORY = "message|attempt|link|envelope|envelope_member|document|document_line|given_number|former_link"
_WALK = re.compile(rf"SCAN ({_HISTORY})\b|SEARCH ({_HISTORY})\b.*\((organisation_id|kind|mode)=\?\)$")
"""Through a whole table, or through all of an organisation, a kind or a mode."""
_OPEN = ("ix_message_next", "ix_envelope_open", "uq_message_one_waits", "uq_message_one_flies", "ix_message_held_by")
"""These indexes hold only what is not yet at its end."""


@contextmanager
def walks() -> Iterator[list[str]]:
    """The steps of SQLite's plans in this block that walk through history."""
    asked: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")) and not many:
            asked[statement] = values

    found: list[str] = []
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    found += [f"{step}: {' '.join(statement.split())}" for statement in asked for step in _walks(statement, asked)]


def _walks(statement: str, asked: dict[str, Any]) -> list[str]:
    end_reading()
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", asked[statement])
    steps = [str(step[3]) for step in plan]
    end_reading()
    return [step for step in steps if _WALK.search(step) and not any(index in step for index in _OPEN)]


@pytest.fixture
def on_sqlite(books: Books) -> Books:
    """Give the books on SQLite, which keeps no statistics: its plans are the same on any day."""
    return books


def test_nothing_that_is_opened_sent_or_amended_walks_through_it(on_sqlite: Books) -> None:
    books = on_sqlite
    books.invoice()
    with walks() as found:
        invoice = books.invoice()
        with transaction():
            invoicing.change(books.fresh(invoice), books.firm.content(books.firm.line("150")), actor=ANN)
        books.send()
        books.credit_note()
    assert found == []


def test_no_trouble_walks_through_it(on_sqlite: Books) -> None:
    books = on_sqlite
    books.invoice()
    with walks() as found:
        for effect in ("lost_before", "lost_after", "server_error"):
            weather.order(books, effect, kind="invoice")
            books.invoice()
    assert found == []


def test_neither_the_sweep_nor_the_board_walks_through_it(on_sqlite: Books) -> None:
    books = on_sqlite
    books.invoice()
    with walks() as found:
        sweep.lanes_with_work()
        board.board(books.engine, books.firm.entity)
        lately.last_push_at()
    assert found == []


def test_looking_for_a_free_number_does_not(on_sqlite: Books) -> None:
    books = on_sqlite
    document = books.invoice()
    with walks() as found:
        assert numbers.ours_among(books.connection_id, "invoice", [document.number or "", "INV-9"]) == {document.number}
        assert numbers.given(books.connection_id, "invoice", [document.id]) == {}
    assert found == []


def test_understanding_a_payment_from_before_a_disconnect_does_not(on_sqlite: Books) -> None:
    books = on_sqlite
    remote_id, document_id = books.remote_id(document := books.invoice()), document.id
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    with walks() as found:
        assert former_links.documents(books.connection_id, "Invoice", [remote_id]) == {remote_id: document_id}
    assert found == []
