"""What hangs on a mapping: documents that are owed and not in QuickBooks yet."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from app.foundation.database import db, end_reading, transaction
from app.sync.mapping import uses
from app.sync.records.mappings import MappingKind
from app.sync.records.policies import policy_of
from app.sync.steering import old_documents
from tests.billing.firm import ANN
from tests.sync.books import Books, connection


@pytest.fixture
def unsent(books: Books) -> Books:
    """One invoice is in QuickBooks, two that were opened while nothing goes by itself are not."""
    books.invoice()
    with transaction():
        policy_of(books.connection_id).automatic_push = False
    for _each in range(2):
        books.firm.open()
    books.send()
    return books


@pytest.mark.parametrize("few", [0, 1, 2, 9])
def test_they_are_the_same_whether_they_are_few_or_many(
    unsent: Books, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(uses, "_FEW", few)
    entity = unsent.firm.entity
    for _again in range(2):
        assert old_documents.question(entity) == 2
        assert uses.documents_using(entity, unsent.connection_id, MappingKind.SERVICE) == {unsent.firm.support.id: 2}


def test_all_that_is_owed_is_looked_at_once_in_a_reading(unsent: Books) -> None:
    end_reading()
    entity, sent = unsent.firm.entity, list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for _again in range(2):
            old_documents.count(entity, connection(unsent))
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert sum("LIMIT" in statement and "revision = document.revision" in statement for statement in sent) == 1


def test_what_was_written_since_is_seen(unsent: Books) -> None:
    entity = unsent.firm.entity
    assert old_documents.question(entity) == 2
    with transaction():
        policy_of(unsent.connection_id).automatic_push = True
        old_documents.send_all(entity, connection(unsent), actor=ANN)
        assert old_documents.count(entity, connection(unsent)) == 0
    unsent.send()
    assert uses.named(entity, unsent.connection_id, [MappingKind.SERVICE]) == {MappingKind.SERVICE: set()}
