"""Whoever frees what is held waits for an envelope that is just being filled: else that holds it a moment later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import ClauseElement, Select, Update, event

from app.foundation import clock
from app.foundation.database import db, transaction
from app.sync.company import connecting, news, ruling
from app.sync.mapping import choosing
from app.sync.records.mappings import Mapping, MappingKind
from app.sync.records.policies import WhenServiceMissing, policy_of
from tests.sync import weather
from tests.sync.books import Books, connection


@contextmanager
def locks() -> Iterator[list[str]]:
    """The tables whose rows are locked while the block lasts, and the statements that free, in their order."""
    seen: list[str] = []

    def note(_connection: Any, statement: ClauseElement, *_more: Any) -> None:
        if isinstance(statement, Select) and statement._for_update_arg is not None:
            seen.extend(table.name for table in statement.get_final_froms() if hasattr(table, "name"))
        elif isinstance(statement, Update) and "blocker" in str(statement):
            seen.append("freed")

    event.listen(db.engine, "before_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_execute", note)


def look(books: Books) -> None:
    connecting.look(books.engine.quickbooks, books.connection_id)


def look_again(books: Books) -> None:
    news.look_again(books.engine.quickbooks, books.connection_id)


def rule(books: Books) -> None:
    policy = policy_of(books.connection_id)
    answers = {"service_missing": WhenServiceMissing.HOLD}
    wanted = ruling.Ruling(automatic_push=policy.automatic_push, go_live_date=None, answers=answers)
    with transaction():
        ruling.rule(connection(books), wanted)


def make_active(books: Books) -> None:
    customer = weather.make_there(books, "Customer", DisplayName="Southgate Ltd")
    books.listen()
    for active in (False, True):
        books.simulation.handle("Customer", customer, "edit", Active=active)
        books.listen()


def correct_a_rate(_books: Books) -> None:
    with transaction():
        choosing.release_corrected_everywhere()


def take_a_class_back(books: Books) -> None:
    with transaction() as session:
        session.add(
            Mapping(
                connection_id=books.connection_id,
                kind=MappingKind.CLASS,
                subject_id=0,
                remote_id="5",
                remote_name="Leeds",
                chosen_by="Olivia",
                chosen_at=clock.now(),
            )
        )
    with transaction():
        choosing.clear(connection(books), MappingKind.CLASS, 0)


@pytest.mark.parametrize("free", [look, look_again, rule, make_active, correct_a_rate, take_a_class_back])
def test_the_company_s_row_is_locked_before_anything_is_freed(books: Books, free: Callable[[Books], None]) -> None:
    with locks() as seen:
        free(books)
    assert "connection" in seen
    if "freed" in seen:
        assert seen.index("connection") < seen.index("freed")
