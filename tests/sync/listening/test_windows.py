"""More changes than one answer holds are read entity by entity, from the newest that was told; or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from app.quickbooks.answers import Entity
from app.sync.listening.windows import MOST, Changes, TooManyError, windows

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Company:
    """What changed, by entity, each so many seconds after noon; it answers as Intuit does."""

    def __init__(self, **changed: Sequence[int]) -> None:
        self.changed, self.asked = changed, list[str]()

    def ask(self, entities: Sequence[str], since: datetime) -> Changes:
        """At most 1,000, the oldest of an entity first."""
        self.asked.append(f"{'+'.join(entities)} {(since - NOON).total_seconds():g}")
        left, told = MOST, dict[str, list[Entity]]()
        for entity in entities:
            after = [second for second in self.changed[entity] if NOON + timedelta(seconds=second) >= since]
            told[entity] = [record(second) for second in after[:left]]
            left -= len(told[entity])
        return told

    def read(self) -> set[tuple[str, str]]:
        """All that is told."""
        found = windows(self.ask, tuple(self.changed), NOON)
        return {(entity, row["Id"]) for changes in found for entity, rows in changes.items() for row in rows}


def record(second: int) -> Entity:
    return {"Id": str(second), "MetaData": {"LastUpdatedTime": (NOON + timedelta(seconds=second)).isoformat()}}


def everything(company: Company) -> set[tuple[str, str]]:
    return {(entity, str(second)) for entity, seconds in company.changed.items() for second in seconds}


def test_few_changes_are_one_answer() -> None:
    company = Company(Invoice=range(10), Payment=range(5))
    assert company.read() == everything(company)
    assert company.asked == ["Invoice+Payment 0"]


def test_a_full_answer_is_asked_for_again_entity_by_entity() -> None:
    company = Company(Invoice=range(700), Payment=range(700))
    assert company.read() == everything(company)
    assert company.asked == ["Invoice+Payment 0", "Invoice 0", "Payment 0"]


def test_an_entity_with_more_is_asked_for_from_the_newest_that_was_told() -> None:
    company = Company(Invoice=range(2500), Payment=())
    assert company.read() == everything(company)
    assert company.asked == ["Invoice+Payment 0", "Invoice 0", "Invoice 999", "Invoice 1998", "Payment 0"]


def test_a_thousand_changes_of_one_moment_cannot_be_told_apart() -> None:
    with pytest.raises(TooManyError):
        Company(Invoice=[0] * MOST).read()


def test_changes_in_another_order_cannot_be_followed() -> None:
    with pytest.raises(TooManyError):
        Company(Invoice=range(2 * MOST, 0, -1)).read()
