"""Years of history make nothing dearer: no question of the engine walks through the rows that they leave behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from app.billing import invoicing
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.sync.company import connecting, former_links
from app.sync.listening import gaps
from app.sync.listening.cursors import Cursor
from app.sync.reconciling import compared
from app.sync.records import numbers
from app.sync.telling import sweep
from app.sync.watching import board, lately
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books

_HISTORY = "message|attempt|link|envelope|envelope_member|document|document_line|given_number|former_link"
_WALK = re.compile(
    rf"SCAN ({_HISTORY})\b|SEARCH ({_HISTORY})\b.*\((organisation_id|kind|mode)=\?\)$"
    r"|SEARCH envelope\b.*\(connection_id=\?\)$"
)
"""Through a whole table, through all of an organisation, a kind or a mode, or through all envelopes of a company."""
_QUEUE = re.compile(r"SEARCH message\b.*\(billing_entity_id=\? AND mode=\? AND state=\?\)$")
"""Through all that waits in a lane."""
_OPEN = ("ix_message_next", "ix_envelope_open", "uq_message_one_waits", "uq_message_one_flies", "ix_message_held_by")
"""These indexes hold only what is not yet at its end."""


@contextmanager
def planned() -> Iterator[list[tuple[str, str]]]:
    """The steps of SQLite's plans in this block, each with its statement."""
    asked: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")) and not many:
            asked[statement] = values

    found: list[tuple[str, str]] = []
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    found += [(step, " ".join(statement.split())) for statement in asked for step in _steps(statement, asked)]


@contextmanager
def walks(through: re.Pattern[str] = _WALK) -> Iterator[list[str]]:
    """The steps in this block that walk through history, or through what else is named."""
    found: list[str] = []
    with planned() as steps:
        yield found
    far = [(step, said) for step, said in steps if through.search(step) and not any(index in step for index in _OPEN)]
    found += [f"{step}: {said}" for step, said in far]


def _steps(statement: str, asked: dict[str, Any]) -> list[str]:
    end_reading()
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", asked[statement])
    steps = [str(step[3]) for step in plan]
    end_reading()
    return steps


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


def test_what_waits_behind_an_envelope_is_not_walked_through(on_sqlite: Books) -> None:
    with walks(_QUEUE) as found:
        on_sqlite.invoice()
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


def test_what_arrived_last_is_known_without_a_walk_through_what_never_did(on_sqlite: Books) -> None:
    on_sqlite.invoice()
    with planned() as steps:
        compared.so_far([on_sqlite.connection_id])
        lately.last_push_at()
        gaps.is_silent(Cursor(connection_id=on_sqlite.connection_id), clock.now())
    asked = [step for step, _said in steps if " attempt " in step]
    assert (len(asked), [step for step in asked if "ix_attempt_arrived" not in step]) == (3, [])


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
