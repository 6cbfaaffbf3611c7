"""The sync log: found by number, by words of an error, by Intuit's own references; walked by key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.billing.catalogue import create_service
from app.billing.catalogue_fields import ServiceFields
from app.foundation.database import transaction
from app.outbox.models import Mode
from app.sync.records.policies import WhenServiceMissing, policy_of
from app.sync.records.slices import Place
from app.sync.watching import operations, word_search
from app.sync.watching.operations import LogFilter, Show
from tests.billing.firm import ANN
from tests.sync.books import Books


@pytest.fixture
def told(books: Books) -> Books:
    """One invoice sent, one held for the item of its service."""
    books.invoice()
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
        backup = create_service(ServiceFields(code="BACKUP", name="Backup"), actor=ANN)
    books.firm.open(replace(books.firm.line("10"), service_id=backup.id), client=books.firm.bolt)
    books.send()
    return books


def labels(**wanted: object) -> list[str]:
    rows = operations.operations(LogFilter(**wanted), Place()).rows  # type: ignore[arg-type]
    return [operation.name.label for operation in rows]


def test_each_subject_has_one_row_with_its_name(told: Books) -> None:
    assert set(labels()) == {"INV-00001", "INV-00002", "Acme", "SUP"}


@pytest.mark.parametrize(
    ("show", "found"),
    [
        (Show.SKIPPED, set()),
        (Show.CANCELLED, set()),
        (Show.PROBLEMS, {"INV-00002"}),
        (Show.CLEAN, {"INV-00001", "Acme", "SUP"}),
    ],
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


def test_what_is_held_is_found_by_its_words_however_much_came_after_it(
    told: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_search, "RECENT", 1)
    for _invoice in range(3):
        told.invoice()
    wanted = LogFilter(search="backup", show=Show.PROBLEMS)
    assert labels(search="backup", show=Show.PROBLEMS) == ["INV-00002"]
    assert operations.stretch(wanted) is None


def test_among_very_many_that_are_held_the_newest_are_looked_through(
    told: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_search, "RECENT", 1)
    monkeypatch.setattr(operations, "FEW_OPEN", 0)
    for _invoice in range(3):
        told.invoice()
    wanted = LogFilter(search="backup", show=Show.PROBLEMS)
    assert labels(search="backup", show=Show.PROBLEMS) == []
    assert operations.stretch(wanted) is not None


def test_a_kind_and_an_entity_narrow_it(told: Books) -> None:
    assert labels(kind="client") == ["Acme"]
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
