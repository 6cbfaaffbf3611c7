"""Filling an envelope: what needs no call is settled, what must wait says why, and is let go by what mends it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.billing import invoicing
from app.billing.document import Document
from app.billing.line import DocumentLine
from app.foundation.database import db, transaction
from app.foundation.mail import Mail
from app.outbox.models import MessageState, Priority
from app.quickbooks import calls
from app.quickbooks.calls import Call
from app.sync.judging.decisions import Due
from app.sync.mapping import choosing
from app.sync.records.mappings import MappingKind, mapping_of
from app.sync.records.policies import WhenServiceMissing
from app.sync.telling import deciding, filling
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books, connection
from tests.sync.telling.test_delivering import batched
from tests.sync.telling.test_without_call import refused_by_the_database

DONE, WAITING, PARKED, CANCELLED = (
    MessageState.DONE,
    MessageState.WAITING,
    MessageState.PARKED,
    MessageState.CANCELLED,
)


def hold_services(books: Books) -> None:
    weather.rule(books, service_missing=WhenServiceMissing.HOLD)


def map_support(books: Books) -> None:
    with transaction():
        choosing.choose(connection(books), MappingKind.SERVICE, books.firm.support.id, "2", by="Olivia")


def test_a_service_without_an_item_holds_the_document_by_name(books: Books) -> None:
    hold_services(books)
    invoice = books.invoice()
    message = weather.message_of(invoice)
    assert (message.state, message.blocker) == (PARKED, f"service:{books.firm.support.id}")
    assert message.reason == "Service “SUP” has no item in QuickBooks yet."


def test_mapping_it_pushes_exactly_those_that_waited_for_it(books: Books) -> None:
    hold_services(books)
    waiting = books.invoice()
    weather.rule(books, automatic_push=False)
    left_out = books.invoice()
    weather.rule(books, automatic_push=True)
    map_support(books)
    books.send()
    assert (weather.state(waiting), weather.state(left_out)) == (DONE, MessageState.SKIPPED)
    assert len(weather.there(books)) == 1


def test_a_tax_code_that_is_not_mapped_holds_it_and_mapping_lets_it_go(books: Books) -> None:
    code = books.firm.codes["20.0% S"]
    chosen = _unmap(books, MappingKind.TAX_CODE, code)
    invoice = books.invoice()
    assert weather.message_of(invoice).blocker == f"tax_code:{code}"
    with transaction():
        choosing.choose(connection(books), MappingKind.TAX_CODE, code, chosen, by="Olivia")
    books.send()
    assert weather.state(invoice) is DONE


def _unmap(books: Books, kind: MappingKind, subject_id: int) -> str:
    with transaction():
        row = mapping_of(books.connection_id, kind, subject_id)
        assert row is not None
        db.session.delete(row)
        return row.remote_id


def test_a_mapping_made_while_we_decide_is_not_overlooked(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    hold_services(books)
    first = iter([True])

    def decided_too_early(*told: object) -> object:
        decisions = deciding.decide(*told)  # type: ignore[arg-type]
        if next(first, False):
            map_support(books)
        return decisions

    monkeypatch.setattr(filling, "decide", decided_too_early)
    invoice = books.invoice()
    assert weather.state(invoice) is DONE


def test_with_the_policy_create_the_item_is_made_once_and_mapped(books: Books) -> None:
    books.invoice()
    books.invoice()
    assert [row["Name"] for row in weather.there(books, "Item")].count("SUP") == 1
    chosen = mapping_of(books.connection_id, MappingKind.SERVICE, books.firm.support.id)
    assert chosen is not None
    assert chosen.chosen_by == "policy"


def test_without_an_income_account_no_item_is_made(books: Books) -> None:
    _unmap(books, MappingKind.DEFAULT_INCOME, 0)
    invoice = books.invoice()
    assert weather.message_of(invoice).blocker == "default_income:0"


def a_defect() -> None:
    raise KeyError("a defect")


@pytest.mark.parametrize("stumble", [a_defect, refused_by_the_database])
def test_one_message_that_meets_a_defect_does_not_stop_its_lane(
    books: Books, monkeypatch: pytest.MonkeyPatch, stumble: Callable[[], None]
) -> None:
    books.invoice()
    bad, good = books.firm.open(), books.firm.open()

    def stumbling(dues: list[Due], books_: object) -> object:
        if any(due.subject == bad.subject for due in dues):
            stumble()
        return deciding.decide(dues, books_)  # type: ignore[arg-type]

    monkeypatch.setattr(filling, "decide", stumbling)
    books.send()
    assert (weather.state(bad), weather.state(good)) == (PARKED, DONE)
    assert "could not be prepared" in weather.reason(bad)


def test_a_call_that_cannot_be_made_of_one_does_not_stop_its_lane(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.invoice()
    bad, *others = batched(books)
    number, create = bad.number, calls.create

    def stumbling(entity: str, body: dict[str, Any]) -> Call:
        if body["DocNumber"] == number:
            raise KeyError("a defect")
        return create(entity, body)

    monkeypatch.setattr(calls, "create", stumbling)
    books.send()
    assert [weather.state(document) for document in (bad, *others)] == [PARKED, DONE, DONE]
    assert "could not be prepared" in weather.reason(bad)


def test_a_body_that_breaks_a_documented_rule_is_held_and_the_others_go(books: Books) -> None:
    books.invoice()
    bad, good = books.firm.draft(), books.firm.draft()
    with transaction():
        for draft in (bad, good):
            invoicing.open_document(draft, actor=ANN, priority=Priority.RUN)
        db.session.scalars(select(DocumentLine).where(DocumentLine.document_id == bad.id)).one().quantity = Decimal(
            10**12
        )
    books.send()
    assert (weather.state(bad), weather.state(good)) == (PARKED, DONE)
    assert "It can't be sent" in weather.reason(bad)


def test_a_number_that_is_too_long_is_held(books: Books) -> None:
    draft = books.firm.draft()
    with transaction():
        invoicing.open_document(draft, actor=ANN)
        db.session.get_one(Document, draft.id).number = "N" * 22
    books.send()
    assert weather.reason(draft) == "Its number has 22 characters; QuickBooks takes at most 21."


def test_closed_books_hold_and_a_new_date_lets_go(books: Books) -> None:
    with transaction():
        connection(books).book_close_date = books.firm.content().issue_date
    invoice = books.invoice()
    message = weather.message_of(invoice)
    assert (message.state, message.blocker) == (PARKED, "closed_books")
    assert message.reason == "It is dated 2 March 2026, and the books are closed up to 2 March 2026."


def test_with_the_other_policy_a_closed_date_moves_behind_it(books: Books) -> None:
    with transaction():
        connection(books).book_close_date = books.firm.content().issue_date
    weather.rule(books, closed_books="first_open_day")
    books.invoice()
    assert weather.there(books)[0]["TxnDate"] == "2026-03-03"


def test_the_owners_get_one_mail_for_many_that_wait_for_the_same(books: Books) -> None:
    hold_services(books)
    for _number in range(4):
        books.invoice()
    mails = list(db.session.scalars(select(Mail)))
    assert [(mail.recipient, mail.subject) for mail in mails] == [
        ("olivia@northgate-it.example", "An invoice waits for you before it can go to QuickBooks")
    ]


def test_a_second_look_at_the_same_trouble_adds_no_line_to_the_log(books: Books) -> None:
    hold_services(books)
    invoice = books.invoice()
    for _time in range(2):
        with transaction():
            invoicing.ask_to_send([books.fresh(invoice)], actor=ANN)
        books.send()
    assert weather.outcomes(invoice) == ["held"]
