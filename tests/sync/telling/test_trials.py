"""The next document and then a pause: exactly one, with what it needs, whoever else works at the same time."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from app.billing.document import Document
from app.foundation.database import db, transaction
from app.foundation.tenancy import current_organisation
from app.outbox.models import Message, Subject
from app.sync.records.policies import Policy, WhenClientMissing, WhenServiceMissing, policy_of
from app.sync.steering import controls
from app.sync.telling import filling, trials
from app.sync.telling.deciding import decide
from app.sync.telling.drain import drain
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync import weather
from tests.sync.books import Books, connection


def there(books: Books) -> int:
    """How many invoices QuickBooks has."""
    counts = books.simulation.look(f"companies/{REALM}/counts")
    return int(counts.get("Invoice", {}).get("live", 0))


def policy(books: Books) -> Policy:
    db.session.rollback()
    return policy_of(books.connection_id)


def opened(books: Books, number: int) -> list[Document]:
    return [books.firm.open() for _ in range(number)]


def refuse_the_next(books: Books, kind: str = "invoice") -> None:
    fault = {"effect": "fault", "method": "POST", "kind": kind, "operation": "create", "code": "6000"}
    books.simulation.control("faults", {**fault, "message": "m", "detail": "The amounts do not add up."})


def test_one_document_goes_with_its_client_and_item_and_then_the_lane_pauses(books: Books) -> None:
    first, *_others = opened(books, 4)
    controls.send_one(connection(books), ANN)
    books.send()
    assert (there(books), books.link(first).remote_id) == (1, "1")
    found = policy(books)
    assert (found.paused_by, found.trial_at) == ("Ann", None)
    tried = trials.tried(found)
    assert tried is not None
    assert tried.subject == first.subject
    assert "Invoice INV-00001: In QuickBooks as INV-00001 (id 1)" in (found.paused_reason or "")


def test_resuming_afterwards_sends_the_others(books: Books) -> None:
    opened(books, 3)
    controls.send_one(connection(books), ANN)
    books.send()
    controls.resume(connection(books), ANN)
    books.send()
    assert (there(books), trials.tried(policy(books))) == (3, None)


def test_a_second_trial_sends_one_more(books: Books) -> None:
    opened(books, 3)
    for _ in range(2):
        controls.send_one(connection(books), ANN)
        books.send()
    assert there(books) == 2


def test_a_trial_waits_for_the_first_that_is_opened(books: Books) -> None:
    controls.send_one(connection(books), ANN)
    books.send()
    assert policy(books).paused_at is None
    opened(books, 2)
    books.send()
    assert (there(books), policy(books).paused_by) == (1, "Ann")


def test_one_that_is_held_is_passed_over_for_the_next(books: Books) -> None:
    with transaction():
        policy_of(books.connection_id).client_missing = WhenClientMissing.HOLD
    held = books.firm.open(client=books.firm.bolt)
    controls.send_one(connection(books), ANN)
    books.send()
    with transaction():
        policy_of(books.connection_id).client_missing = WhenClientMissing.CREATE
    opened(books, 2)
    books.send()
    assert there(books) == 1
    assert db.session.scalars(select(Message.state).where(Message.subject_id == held.id)).first() == "parked"


def test_one_whose_client_was_taken_back_is_sent_with_its_client_all_the_same(books: Books) -> None:
    books.invoice()
    refuse_the_next(books, "customer")
    document = books.firm.open(client=books.firm.bolt)
    books.send()
    controls.cancel(weather.message_of(Subject("client", books.firm.bolt.id)).id, "Olivia")
    controls.send_one(connection(books), ANN)
    opened(books, 2)
    books.send()
    assert (there(books), books.link(document).remote_id, policy(books).paused_by) == (2, "2", "Ann")


def test_one_that_quickbooks_refuses_pauses_too_and_says_why(books: Books) -> None:
    opened(books, 2)
    refuse_the_next(books)
    controls.send_one(connection(books), ANN)
    books.send()
    assert there(books) == 0
    assert "do not add up" in (policy(books).paused_reason or "")


def test_a_refused_client_that_goes_first_pauses_too(books: Books) -> None:
    books.invoice()
    books.firm.open(client=books.firm.bolt)
    refuse_the_next(books, "customer")
    controls.send_one(connection(books), ANN)
    books.send()
    assert there(books) == 1
    assert (policy(books).paused_reason or "").startswith("One was sent to look at it. The client that goes first")


def test_pausing_and_resuming_end_a_trial(books: Books) -> None:
    controls.send_one(connection(books), ANN)
    controls.pause(connection(books), ANN, "year end")
    assert policy(books).trial_at is None
    controls.send_one(connection(books), ANN)
    controls.resume(connection(books), ANN)
    assert policy(books).trial_at is None
    opened(books, 2)
    books.send()
    assert there(books) == 2


def test_a_trial_begun_while_an_envelope_is_decided_holds_for_that_envelope(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All have been decided when somebody asks for one alone: what was decided is thrown away."""
    books.invoice()
    opened(books, 5)
    asked: list[int] = []

    def decide_and_be_asked(*given: object) -> object:
        decisions = decide(*given)  # type: ignore[arg-type]
        if not asked:
            asked.append(1)
            controls.send_one(connection(books), ANN)
        return decisions

    monkeypatch.setattr(filling, "decide", decide_and_be_asked)
    books.send()
    assert there(books) == 2
    assert policy(books).paused_by == "Ann"


def test_a_lost_answer_brings_no_other_document(books: Books) -> None:
    books.invoice()
    first, *_others = opened(books, 3)
    books.simulation.control("faults", {"effect": "lost_after", "method": "POST", "kind": "invoice", "count": 2})
    controls.send_one(connection(books), ANN)
    for _ in range(3):
        books.send()
        assert there(books) == 2
    chosen = policy(books).trial_message_id
    assert chosen is None or db.session.get_one(Message, chosen).subject_id == first.id


def test_two_workers_send_exactly_one(books: Books, app: Flask) -> None:
    """Both drain again and again: the lease lets one fill at a time, and each finds what is chosen already."""
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.CREATE
    opened(books, 6)
    controls.send_one(connection(books), ANN)
    lane, organisation = books.firm.entity.lane, current_organisation()

    def work() -> None:
        with app.app_context():
            for _ in range(6):
                drain(books.engine, organisation, lane)

    threads = [threading.Thread(target=work) for _ in range(2)]
    db.session.rollback()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert there(books) == 1
    assert policy(books).paused_by == "Ann"
