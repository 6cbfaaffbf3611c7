"""Failures gathered by their cause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.foundation.database import db, transaction
from app.outbox import settling, tray
from app.outbox.models import Message, Subject
from app.sync.records.policies import WhenClientMissing, WhenServiceMissing, policy_of
from app.sync.steering import controls
from app.sync.steering.causes import Behind, Cause, Held, cause_of, causes, gathered, within
from tests.sync.books import Books

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ENTITY = 1


def held(blocker: str, reason: str, **more: object) -> Held:
    known: dict[str, object] = {
        "entity_id": ENTITY,
        "is_own": blocker.startswith("invoice"),
        "kind": "invoice",
        "client_id": 7,
        "itself": "",
        "number": 1,
        "oldest": NOON,
    }
    return Held(blocker=blocker, reason=reason, **{**known, **more})  # type: ignore[arg-type]


def test_what_waits_for_the_same_thing_is_one_cause_with_its_documents_and_clients() -> None:
    early = NOON - timedelta(hours=3)
    rows = [
        held("service:42", "A is not mapped.", number=9),
        held("service:42", "A is not mapped.", client_id=8, number=4, oldest=early),
        held("service:42", "A is not mapped.", client_id=8, kind="credit_note"),
    ]
    (cause,) = gathered(rows, {})
    assert (cause.number, cause.blocker, cause.oldest) == (14, "service:42", early)
    assert (cause.documents, cause.clients) == ({"invoice": 13, "credit_note": 1}, 2)


def test_those_at_fault_themselves_are_gathered_by_their_sentence_without_its_numbers() -> None:
    rows = [
        held("invoice:1", "Line 2 has no tax code."),
        held("invoice:2", "Line 3 has no tax code.", number=2),
        held("invoice:3", "Its total is negative."),
    ]
    first, second = gathered(rows, {})
    assert (first.number, first.sentence, first.is_own) == (3, "Line 3 has no tax code.", True)
    assert second.sentence == "Its total is negative."


def test_each_billing_entity_has_causes_of_its_own() -> None:
    assert len(gathered([held("service:1", "A"), held("service:1", "A", entity_id=2)], {})) == 2


def test_the_largest_comes_first_with_what_waits_behind() -> None:
    client = held("client:7", "The name is taken.", kind="client", client_id=None, itself="client:7", is_own=True)
    rows = [held("service:1", "A", number=2), client]
    first, second = gathered(rows, {(ENTITY, "client:7"): [Behind(kind="invoice", client_id=7, number=12)]})
    assert (first.sentence, first.behind, first.waiting, first.documents) == (
        "The name is taken.",
        12,
        13,
        {"invoice": 12},
    )
    assert (first.clients, second.behind) == (1, 0)


@pytest.fixture
def unmapped(books: Books) -> Books:
    """Three invoices of two clients that wait for a mapping."""
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
    for client in (books.firm.acme, books.firm.acme, books.firm.bolt):
        books.firm.open(client=client)
    books.send()
    return books


def only_cause() -> Cause:
    db.session.rollback()
    (cause,) = causes()
    return cause


def test_documents_and_clients_are_counted_from_the_rows(unmapped: Books) -> None:
    cause = only_cause()
    assert cause.sentence == "Service “SUP” has no item in QuickBooks yet."
    assert (cause.documents, cause.clients, cause.is_own) == ({"invoice": 3}, 2, False)
    assert cause_of(cause.key) == cause
    assert cause_of("gone") is None


def test_what_waits_behind_a_held_client_is_counted(books: Books) -> None:
    bolt = Subject("client", books.firm.bolt.id)
    with transaction():
        client = tray.post(bolt, books.firm.entity.lane)
        settling.park(client.id, f"client:{bolt.id}", "A vendor has this name.")
    books.firm.open(client=books.firm.bolt)
    books.firm.open(client=books.firm.bolt)
    books.send()
    cause = only_cause()
    assert (cause.number, cause.behind, cause.documents, cause.clients) == (1, 2, {"invoice": 2}, 1)
    assert (cause.blocker, cause.is_own) == (f"client:{bolt.id}", True)


def test_those_of_a_cause_and_no_others_are_found(unmapped: Books) -> None:
    mine = {row.id for row in db.session.scalars(select(Message).where(*within(only_cause())))}
    with transaction():
        policy_of(unmapped.connection_id).client_missing = WhenClientMissing.HOLD
        policy_of(unmapped.connection_id).service_missing = WhenServiceMissing.CREATE
    unmapped.firm.open(client=unmapped.firm.bolt)
    unmapped.send()
    db.session.rollback()
    first, second = causes()
    assert {row.id for row in db.session.scalars(select(Message).where(*within(first)))} == mine
    assert second.number == 1


def test_all_of_a_cause_are_tried_again_at_once(unmapped: Books) -> None:
    with transaction():
        policy_of(unmapped.connection_id).service_missing = WhenServiceMissing.CREATE
    assert controls.retry_cause(only_cause().key) == 3
    unmapped.send()
    assert causes() == []
    assert controls.retry_cause("gone") == 0
