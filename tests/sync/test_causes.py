"""Failures gathered by their cause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.foundation.database import transaction
from app.sync import controls
from app.sync.causes import Held, causes, gathered
from app.sync.policies import WhenServiceMissing, policy_of
from tests.sync.books import Books

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def held(number: int, blocker: str, reason: str, *, hours: int = 0) -> Held:
    return Held(number, blocker, reason, NOON - timedelta(hours=hours), itself=f"invoice:{number}")


def test_what_waits_for_the_same_thing_is_one_cause() -> None:
    rows = [
        held(1, "service:42", "A is not mapped."),
        held(2, "service:42", "A is not mapped.", hours=3),
    ]
    (cause,) = gathered(rows, {})
    assert (cause.number, cause.blocker, cause.oldest) == (2, "service:42", NOON - timedelta(hours=3))


def test_those_at_fault_themselves_are_gathered_by_their_sentence() -> None:
    rows = [held(1, "invoice:1", "Line 2 has no tax code."), held(2, "invoice:2", "Line 2 has no tax code.")]
    (cause,) = gathered(rows, {})
    assert (cause.number, cause.is_own) == (2, True)


def test_the_largest_comes_first_with_what_waits_behind() -> None:
    client = Held(3, "client:7", "The name is taken.", NOON, itself="client:7")
    rows = [held(1, "service:1", "A"), held(2, "service:1", "A"), client]
    assert [(cause.sentence, cause.behind) for cause in gathered(rows, {"client:7": 12})] == [
        ("The name is taken.", 12),
        ("A", 0),
    ]


def test_all_of_a_cause_are_tried_again_at_once(books: Books) -> None:
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
    invoices = [books.firm.open() for _ in range(3)]
    books.send()
    (cause,) = causes()
    assert cause.number == len(invoices)
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.CREATE
    assert controls.retry_cause(cause.key) == 3
    books.send()
    assert all(books.link(invoice) for invoice in invoices)
    assert causes() == []
