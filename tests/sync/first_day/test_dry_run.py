"""The dry run says beforehand, to the letter, what a push then does."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import func, select

from app.billing import invoicing
from app.billing.document import Document
from app.foundation.database import db, transaction
from app.outbox.models import Message
from app.quickbooks.models import Connection
from app.sync.first_day import dry_run
from app.sync.first_day.dry_run import Rehearsal
from app.sync.records.attempts import Attempt
from app.sync.records.mappings import Mapping
from app.sync.records.policies import WhenServiceMissing, policy_of
from tests.billing.firm import ANN
from tests.sync.books import Books


def rehearsed(books: Books, *documents: Document) -> list[Rehearsal]:
    chosen = {document.subject: True for document in documents} or dry_run.waiting(books.firm.entity)
    return dry_run.rehearse(db.session.get_one(Connection, books.connection_id), chosen)


def sent(books: Books) -> dict[str, Any]:
    text = db.session.scalars(
        select(Attempt.request_text).where(Attempt.kind == "invoice").order_by(Attempt.id.desc())
    ).first()
    return dict(json.loads(str(text).partition("\n")[2]))


def test_what_is_said_beforehand_is_sent_to_the_letter(books: Books) -> None:
    books.invoice()  # the customer and the item are there
    document = books.firm.open()
    (before,) = rehearsed(books)
    books.send()
    assert (before.word, json.loads(before.body)) == ("Would be sent", sent(books))
    assert before.sentence == "A new invoice for “Acme” with 1 line: £120.00, £20.00 of it tax."
    assert before.document.id == document.id


def test_customer_and_item_that_go_first_are_named_with_their_bodies(books: Books) -> None:
    books.firm.open()
    (before,) = rehearsed(books)
    said = sorted(first.sentence for first in before.forerunners)
    assert said == [
        "Customer “Acme” is created first, for the client.",
        "Item “SUP” is created first, for the service.",
    ]
    assert all(json.loads(first.body) for first in before.forerunners)
    assert json.loads(before.body)["CustomerRef"] == {"value": "«the customer for Acme»"}


def test_all_that_stands_against_it_is_told_with_its_fix(books: Books) -> None:
    with transaction() as session:
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
        session.query(Mapping).where(Mapping.kind == "tax_code").delete()
    books.firm.open()
    (before,) = rehearsed(books)
    assert (before.word, [reason.fix for reason in before.against]) == ("Would wait", ["map_services", "map_tax_codes"])


def test_what_a_person_is_to_map_is_not_said_to_be_created_first(books: Books) -> None:
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
    books.firm.open()
    (before,) = rehearsed(books)
    assert [reason.sentence for reason in before.against] == ["Service “SUP” has no item in QuickBooks yet."]
    assert [first.sentence for first in before.forerunners] == ["Customer “Acme” is created first, for the client."]


def test_a_draft_is_rehearsed_as_if_it_were_opened(books: Books) -> None:
    books.invoice()
    (before,) = rehearsed(books, books.firm.draft())
    assert (before.word, json.loads(before.body)["DocNumber"]) == ("Would be sent", "«its number»")


def test_what_quickbooks_has_already_needs_nothing(books: Books) -> None:
    (before,) = rehearsed(books, books.invoice())
    assert (before.word, before.body) == ("Nothing to send", "")


def test_a_change_names_the_record_that_is_changed(books: Books) -> None:
    document = books.invoice()
    with transaction():
        invoicing.change(books.fresh(document), books.firm.content(books.firm.line("150")), actor=ANN)
    (before,) = rehearsed(books)
    assert before.sentence.startswith(f"Invoice {books.remote_id(document)} is changed: ")


def test_nothing_is_sent_read_or_written(books: Books) -> None:
    books.firm.open()
    asked = books.simulation.look("stats")
    rows = [db.session.scalar(select(func.count()).select_from(table)) for table in (Message, Attempt)]
    rehearsed(books)
    assert books.simulation.look("stats") == asked
    assert [db.session.scalar(select(func.count()).select_from(table)) for table in (Message, Attempt)] == rows
    assert not db.session.dirty
    assert not db.session.new
