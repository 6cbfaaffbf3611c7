"""What was put aside: not asked about, and all the same in the way of what needs it."""

from __future__ import annotations

import pytest

from app.foundation.database import db, transaction
from app.sync.first_day import beginnings
from app.sync.first_day.task import Status
from app.sync.mapping import linking, skipped
from app.sync.mapping.mapped_kinds import KINDS
from app.sync.mapping.skipped import SkippedKind
from app.sync.records.mappings import MappingKind
from app.sync.records.policies import WhenClientMissing
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books, connection


def clients_step(books: Books) -> Status:
    db.session.rollback()
    steps = beginnings.steps_of(books.engine, books.firm.entity)
    return next(step.status for step in steps if step.key == "clients")


@pytest.mark.parametrize("kind", list(KINDS))
def test_whatever_has_a_mapping_page_may_be_put_aside(kind: MappingKind) -> None:
    assert SkippedKind(kind).value == kind.value


def test_twice_is_once_and_each_kind_is_aside_by_itself(books: Books) -> None:
    for kind in (SkippedKind.CLIENT, SkippedKind.LOCATION, SkippedKind.CLIENT):
        with transaction():
            skipped.skip(books.connection_id, kind, 7, by="Olivia")
    with transaction():
        skipped.take_up(books.connection_id, SkippedKind.LOCATION, 7)
    assert skipped.skipped(books.connection_id, SkippedKind.CLIENT) == {7: "Olivia"}
    assert skipped.skipped(books.connection_id, SkippedKind.LOCATION) == {}


def test_a_document_that_waits_for_a_client_put_aside_is_told_of_on_the_first_day(books: Books) -> None:
    weather.rule(books, client_missing=WhenClientMissing.HOLD)
    acme = books.firm.acme
    books.invoice(client=acme)
    assert clients_step(books) is Status.TO_DO
    with transaction():
        skipped.skip(books.connection_id, SkippedKind.CLIENT, acme.id, by="Olivia")
    assert clients_step(books) is Status.TO_DO
    there = weather.make_there(books, "Customer", DisplayName="Stranger")
    books.listen()
    with transaction():
        linking.link_client(connection(books), acme.id, there, actor=ANN)
    assert clients_step(books) is Status.DONE
