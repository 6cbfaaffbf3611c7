"""The audit itself: what it must see, planted by hand on either side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from flask import Flask

from app.foundation.database import db, transaction
from app.outbox import settling, tray
from app.outbox.models import Mode, Subject
from app.simulator.kinds.documents import write
from app.simulator.kinds.registry import KINDS
from app.sync.company.connecting import lane_of
from app.sync.records.links import link_of
from app.sync.records.policies import WhenServiceMissing
from tests.simulated import audit
from tests.simulated.bookkeeper import Bookkeeper
from tests.simulated.company import Company
from tests.simulated.house import founded
from tests.simulated.network import Arrival
from tests.simulated.office import Office
from tests.simulated.week import MONDAY

REALM = "9341450000000001"
LINES = ("DetailType", "Amount", "SalesItemLineDetail")


@pytest.fixture(scope="module")
def office(simulated_app: Flask) -> Iterator[Office]:
    """Give a company with two invoices in QuickBooks; each test puts right what it plants."""
    with founded(7, MONDAY, app=simulated_app) as house:
        company = Company(house, "Northgate IT", {Mode.LIVE: REALM})
        office = Office(company, {Mode.LIVE: Bookkeeper(house, REALM, Random(7))}, Random(7))
        house.staff.hire()
        house.hub.do(lambda: company.found(office.lot))
        with company.inside():
            company.connect()
            company.set_up(WhenServiceMissing.CREATE)
            company.open(office.lot, 2)
            house.run(minutes=2)
            yield office


def test_nothing_is_wrong_where_both_sides_agree(office: Office) -> None:
    assert audit.faults_of(office.company) == []
    assert audit.words_of(office.company) == {"In QuickBooks": 2}
    assert audit.over_the_limit(office.company.house.network) == []


def test_a_document_that_is_there_twice_is_seen(office: Office) -> None:
    first = office.bookkeeper.ours("Invoice")[0]
    lines = [{name: line[name] for name in LINES} for line in first["Line"] if LINES[2] in line]
    twin = {"CustomerRef": first["CustomerRef"], "PrivateNote": first["PrivateNote"], "Line": lines, "DocNumber": "T1"}
    with office.company.house.world.turn():
        made = write(office.bookkeeper.books, KINDS["Invoice"], twin, "create")
    assert any("2 times" in fault for fault in audit.faults_of(office.company))
    assert len(audit.broken_promises(office.bookkeeper)) == 1
    with office.company.house.world.turn():
        office.bookkeeper.books.remove("Invoice", made)


def test_a_total_that_differs_without_a_word_is_seen(office: Office) -> None:
    record = office.bookkeeper.ours("Invoice")[0]
    with office.company.house.world.turn():
        office.bookkeeper.books.put("Invoice", record | {"TotalAmt": record["TotalAmt"] + 1})
    assert any("total" in fault for fault in audit.faults_of(office.company))
    with office.company.house.world.turn():
        office.bookkeeper.books.put("Invoice", record)


def test_a_document_that_is_missing_there_is_seen(office: Office) -> None:
    record = office.bookkeeper.ours("Invoice")[0]
    with office.company.house.world.turn():
        office.bookkeeper.books.shelves["Invoice"].put(record, deleted=True)
    assert any("0 records" in fault for fault in audit.faults_of(office.company))
    with office.company.house.world.turn():
        office.bookkeeper.books.shelves["Invoice"].put(record)


def test_a_document_in_the_books_of_the_other_mode_is_seen(office: Office) -> None:
    strange = replace(office.company, realms={Mode.TEST: REALM, Mode.LIVE: REALM})
    assert sum("never posted" in fault for fault in audit.faults_of(strange)) == 2


def test_a_removed_document_that_is_there_again_is_seen(office: Office) -> None:
    first = next(iter(audit._marked(office.company.house, REALM)))
    office.bookkeeper.deleted.add(first)
    assert audit.broken_promises(office.bookkeeper) == [f"{first} is there again"]
    office.bookkeeper.deleted.clear()


def test_a_document_whose_link_was_lost_has_its_reason(office: Office) -> None:
    connection = office.company.connection()
    assert connection is not None
    with transaction() as session:
        link = link_of(connection.id, office.company._document(office.company.documents[0]).subject)
        assert link is not None
        kept, link.subject_id = link.subject_id, 999
    assert audit.faults_of(office.company) == []  # what is there is said to have been sent: that is a reason
    with transaction() as session:
        session.get_one(type(link), link.id).subject_id = kept


def test_a_document_that_waits_for_what_nobody_tells_is_seen(office: Office) -> None:
    document, connection = office.company._document(office.company.documents[0]), office.company.connection()
    assert connection is not None
    with transaction():
        message = tray.post(document.subject, lane_of(connection))
        db.session.flush()
        settling.await_subject(message.id, Subject("client", 1), "Waits until its client is in QuickBooks.")
    assert any("which nobody tells" in fault for fault in audit.faults_of(office.company))
    with transaction():
        settling.cancel(document.subject, reason="")


@pytest.mark.parametrize(
    ("number", "seconds", "word"), [(11, 0.99, "invoice"), (501, 59.0, "query"), (41, 59.0, "batch")]
)
def test_a_crowd_is_seen_and_one_less_is_none(number: int, seconds: float, word: str) -> None:
    step = timedelta(seconds=seconds / (number - 1))
    arrivals = [Arrival(MONDAY + step * one, REALM, word, writes=True) for one in range(number)]
    assert len(list(audit._crowds(REALM, arrivals))) >= 1
    if word != "invoice":
        assert list(audit._crowds(REALM, arrivals[1:])) == []
