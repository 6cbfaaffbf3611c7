"""The sync log: found by number, by words of an error, by Intuit's own references; walked by key."""

from __future__ import annotations

import pytest

from app.foundation.database import transaction
from app.outbox.models import Mode
from app.sync.records.policies import WhenServiceMissing, policy_of
from app.sync.records.slices import Place
from app.sync.watching import operations
from app.sync.watching.operations import LogFilter, Show
from tests.sync.books import Books


@pytest.fixture
def told(books: Books) -> Books:
    """One invoice sent, one held."""
    books.invoice()
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
    backup = books.firm.line("10")
    books.firm.open(backup, client=books.firm.bolt)
    books.send()
    return books


def labels(**wanted: object) -> list[str]:
    rows = operations.operations(LogFilter(**wanted), Place()).rows  # type: ignore[arg-type]
    return [operation.name.label for operation in rows]


def test_each_subject_has_one_row_with_its_name(told: Books) -> None:
    assert set(labels()) == {"INV-00001", "INV-00002", "Acme", "SUP", "Bolt"}


@pytest.mark.parametrize(
    ("show", "found"),
    [(Show.SKIPPED, set()), (Show.CANCELLED, set()), (Show.CLEAN, {"INV-00001", "INV-00002", "Acme", "SUP", "Bolt"})],
)
def test_each_tab_shows_its_part(told: Books, show: Show, found: set[str]) -> None:
    assert set(labels(show=show)) == found


def test_a_number_a_name_and_a_code_are_found(told: Books) -> None:
    assert labels(search="00001") == ["INV-00001"]
    assert labels(search="acm") == ["Acme"]


def test_the_words_of_an_error_and_intuit_s_references_are_found(books: Books) -> None:
    fault = {"effect": "fault", "method": "POST", "kind": "invoice", "operation": "create", "code": "6000"}
    books.simulation.control("faults", {**fault, "message": "m", "detail": "The amounts do not add up."})
    books.firm.open()
    books.send()
    (row,) = operations.operations(LogFilter(search="do not add"), Place()).rows
    assert (row.word, row.tone, row.may_retry) == ("Failed", "bad", True)
    assert row.last is not None
    assert labels(search=row.last.tid or "?") == [row.name.label]
    assert labels(search=(row.last.request_id or "?")[:12]) == [row.name.label]
    assert labels(search="6000") == [row.name.label]
    assert row.name.label not in labels(show=Show.CLEAN)


def test_a_kind_and_an_entity_narrow_it(told: Books) -> None:
    assert set(labels(kind="client")) == {"Acme", "Bolt"}
    assert labels(entity_id=4711) == []


def test_the_other_mode_has_a_log_of_its_own(told: Books) -> None:
    with transaction():
        told.firm.entity.mode = Mode.TEST
    assert labels() == []


def test_it_is_walked_by_key_in_both_directions(told: Books) -> None:
    first = operations.operations(LogFilter(), Place(size=2))
    second = operations.operations(LogFilter(), Place(before=first.older, size=2))
    back = operations.operations(LogFilter(), Place(after=second.newer, size=2))
    assert (first.newer, len(second.rows)) == (None, 2)
    assert [row.message.id for row in back.rows] == [row.message.id for row in first.rows]


def test_the_attempts_of_a_document_are_told_newest_first(told: Books) -> None:
    (row,) = operations.operations(LogFilter(search="00001"), Place()).rows
    (attempt,) = operations.attempts_about(row.message.subject)
    assert (attempt.step, attempt.http_status) == ("create", 200)
