"""The database is put back to what it was before a run was sent: nothing is made twice, whatever the company takes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.billing import invoicing
from app.billing.content import content_of
from app.billing.document import Document
from app.foundation.database import db, transaction
from app.outbox import tray
from app.outbox.models import Message, MessageState
from app.sync.company import connecting
from app.sync.records.attempts import Attempt
from app.sync.records.envelopes import Envelope, Member
from app.sync.records.links import Link, LinkMade
from app.sync.records.policies import policy_of
from app.sync.telling import restoring
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books
from tests.sync.telling.test_delivering import batched
from tests.sync.telling.test_lookup import changed

DONE = MessageState.DONE


@pytest.fixture(params=["fault", "accept"])
def company(books: Books, request: pytest.FixtureRequest) -> Books:
    """One invoice is there; whether a second one of the same number is refused is a preference of the company."""
    books.invoice()
    books.simulation.control("switches", {"duplicate_number": request.param})
    return books


def restored(documents: list[Document]) -> None:
    """The backup was taken while these waited: what came after it is not in the database any more."""
    ids = [document.id for document in documents]
    with transaction() as session:
        messages = list(
            session.scalars(select(Message.id).where(Message.kind == "invoice", Message.subject_id.in_(ids)))
        )
        flown = list(session.scalars(select(Member.envelope_id).where(Member.message_id.in_(messages))))
        for table, where in (
            (Attempt, Attempt.message_id.in_(messages)),
            (Member, Member.message_id.in_(messages)),
            (Envelope, Envelope.id.in_(flown)),
            (Link, (Link.kind == "invoice") & Link.subject_id.in_(ids)),
        ):
            session.execute(table.__table__.delete().where(where))  # type: ignore[attr-defined]
        waiting = {"state": MessageState.WAITING, "settled_at": None}
        session.execute(update(Message).where(Message.id.in_(messages)).values(waiting))
    db.session.rollback()


def numbers(books: Books) -> list[str]:
    return sorted(record["DocNumber"] for record in weather.there(books))


def test_what_was_sent_since_the_backup_is_found_and_not_sent_again(company: Books) -> None:
    documents = batched(company)
    company.send()
    before = numbers(company)
    restored(documents)
    restoring.declare()
    weather.forget(company)
    weather.settle_all(company)
    assert (numbers(company), weather.counts(company)["writes"]) == (before, 0)
    assert {company.link(one).made for one in documents} == {LinkMade.ADOPTED}


def test_what_was_not_sent_is_looked_for_once_and_goes(company: Books) -> None:
    documents = batched(company)
    restoring.declare()
    weather.settle_all(company)
    assert {weather.state(one) for one in documents} == {DONE}
    assert (len(numbers(company)), len(set(numbers(company)))) == (4, 4)


def test_what_is_posted_afterwards_goes_as_ever(company: Books) -> None:
    restoring.declare()
    weather.forget(company)
    company.invoice()
    assert (weather.counts(company)["reads"], weather.counts(company)["writes"]) == (0, 1)


def test_a_request_that_was_under_way_in_the_copy_is_looked_up_and_not_repeated(company: Books) -> None:
    weather.order(company, "lost_after", kind="invoice")
    invoice = company.firm.open()
    company.send()
    restoring.declare()
    weather.forget(company)
    weather.settle_all(company)
    assert (weather.state(invoice), weather.counts(company)["writes"]) == (DONE, 0)


@pytest.mark.parametrize("effect", ["", "lost_after"])
def test_after_a_disconnect_what_the_same_company_has_is_found_and_not_sent_again(company: Books, effect: str) -> None:
    if effect:
        weather.order(company, effect, kind="invoice")
    invoice = company.firm.open()
    company.send()
    connecting.disconnect(company.engine.quickbooks, company.connection_id, by="Olivia")
    company.reconnect()
    before = numbers(company)
    with transaction():
        tray.post(invoice.subject, company.firm.entity.lane, asked=True)
    weather.settle_all(company)
    assert numbers(company) == before
    assert (weather.state(invoice), company.link(invoice).made) == (DONE, LinkMade.ADOPTED)


def test_what_was_amended_after_a_restore_is_told_once_more_where_it_is_found(company: Books) -> None:
    invoice = company.invoice()
    restored([invoice])
    restoring.declare()
    changed(company, invoice)
    weather.settle_all(company)
    assert (company.link(invoice).told_revision, company.link(invoice).total_pence) == (2, 18000)


def reworded(books: Books, document: Document) -> None:
    content = content_of(books.fresh(document))
    lines = tuple(replace(line, description="Other words") for line in content.lines)
    with transaction():
        invoicing.change(books.fresh(document), replace(content, lines=lines), actor=ANN)


@pytest.mark.parametrize("act", ["", "edit"])
def test_what_was_reworded_while_disconnected_is_told_unless_somebody_touched_it_there(
    company: Books, act: str
) -> None:
    invoice = company.invoice()
    remote_id = company.remote_id(invoice)
    connecting.disconnect(company.engine.quickbooks, company.connection_id, by="Olivia")
    reworded(company, invoice)
    company.reconnect()
    if act:
        company.simulation.handle("Invoice", remote_id, act, CustomerMemo={"value": "Thank you"})
    with transaction():
        tray.post(invoice.subject, company.firm.entity.lane, asked=True)
    weather.settle_all(company)
    there = company.simulation.record("Invoice", remote_id)
    assert there["Line"][0]["Description"] == ("Support" if act else "Other words")


def test_what_was_told_since_the_backup_is_left_as_it_stands_there(company: Books) -> None:
    invoice = company.firm.open()
    reworded(company, invoice)
    company.send()
    restored([invoice])
    there = company.firm.content(company.firm.line("100"))
    with transaction():  # as the copy has it: it was amended after the backup
        invoicing.change(company.fresh(invoice), there, actor=ANN)
    restoring.declare()
    weather.settle_all(company)
    assert weather.there(company)[-1]["Line"][0]["Description"] == "Other words"


def test_how_far_a_database_has_come_is_told_by_its_envelopes(books: Books) -> None:
    assert restoring.how_far() == 0
    books.invoice()
    assert restoring.how_far() > 0


def test_the_operator_says_it(company: Books, app: Flask) -> None:
    told = app.test_cli_runner().invoke(args=["sync", "restored"])
    assert (told.exit_code, "1 companies what" in told.output) == (0, True)
    assert policy_of(company.connection_id).unsure_since is not None


def test_what_was_looked_for_in_vain_goes_together(company: Books) -> None:
    batched(company)
    restoring.declare()
    weather.forget(company)
    weather.settle_all(company)
    assert (weather.counts(company)["writes"], weather.counts(company)["batches"]) == (1, 1)
