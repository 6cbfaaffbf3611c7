"""The whole room against the simulator, over loopback: from a code to a company whose lists are read and written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.billing.entity import BillingEntity
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.quickbooks import answers, calls, catalogue, errors, faults, ties
from app.quickbooks.calls import BatchItem
from app.quickbooks.client import QuickBooks
from app.quickbooks.lease import Lease, release, take_lease
from app.quickbooks.models import Connection, Environment, SalesTax
from app.quickbooks.ties import Tie
from app.quickbooks.transport import RequestsHttp
from tests.simulation import REALM, Simulation, running, settings_at
from tests.world import World

CALLBACK = "http://localhost/quickbooks/callback"
pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def started() -> Iterator[Simulation]:
    with running() as simulation:
        yield simulation


@pytest.fixture
def simulation(started: Simulation) -> Simulation:
    started.reset()
    return started


@pytest.fixture
def quickbooks(simulation: Simulation, database_url: str) -> QuickBooks:
    settings = settings_at(simulation.base, database_url)
    return QuickBooks(RequestsHttp(), settings, settings.sealer())


@pytest.fixture
def connection_id(app: Flask, northgate: World, quickbooks: QuickBooks, simulation: Simulation) -> int:
    """Connect as a person does, without the browser."""
    consent = simulation.control(f"companies/{REALM}/authorize", {"redirect_uri": CALLBACK, "state": "s"})
    keys = quickbooks.apps.app_for(Environment.PRODUCTION)
    grant = quickbooks.oauth.exchange(keys, consent["code"], CALLBACK)
    with transaction() as session:
        entity = BillingEntity(name="Northgate IT Ltd")
        session.add(entity)
        session.flush()
        tie = Tie(entity.id, Environment.PRODUCTION, REALM)
        connection = ties.begin(session, tie, grant, quickbooks.tokens)
        ties.accept(session, connection)
        return connection.id


@pytest.fixture
def lease(connection_id: int) -> Iterator[Lease]:
    realm = db.session.get_one(Connection, connection_id).realm
    lease = take_lease(realm, "anna", clock.now(), 25)
    assert lease is not None
    yield lease
    release(lease)


def customer(name: str) -> dict[str, Any]:
    return {"DisplayName": name}


def test_a_company_is_read_whole(quickbooks: QuickBooks, connection_id: int) -> None:
    seen = quickbooks.company(connection_id)
    assert (seen.country, seen.home_currency, seen.sales_tax) == ("GB", "GBP", SalesTax.UK)
    read = catalogue.refresh(quickbooks, connection_id)
    assert all(read.values())
    standard = catalogue.by_name(connection_id, "TaxCode", "20.0% S")
    assert standard is not None
    assert standard.rate == 20


def test_a_connection_that_works_passes_every_check(quickbooks: QuickBooks, connection_id: int) -> None:
    assert [check for check in quickbooks.test_connection(connection_id) if not check.ok] == []


def test_a_customer_is_made_changed_and_refused(quickbooks: QuickBooks, connection_id: int, lease: Lease) -> None:
    made = quickbooks.ask(connection_id, calls.create("Customer", customer("O'Brien & Söhne")), "r1", lease=lease)
    seen = answers.named(answers.entity_of(made.json, "Customer"))
    change = calls.update("Customer", {"Id": seen.id, "SyncToken": seen.sync_token, "Notes": "new"})
    quickbooks.ask(connection_id, change, "r2", lease=lease)
    with pytest.raises(errors.Stale):
        quickbooks.ask(connection_id, change, "r3", lease=lease)
    with pytest.raises(errors.NameTaken):
        quickbooks.ask(connection_id, calls.create("Customer", customer("o'brien & söhne")), "r4", lease=lease)
    with pytest.raises(errors.NotFound):
        quickbooks.read(connection_id, "Customer", "999999")


def test_each_member_of_a_batch_has_an_end_of_its_own(quickbooks: QuickBooks, connection_id: int, lease: Lease) -> None:
    items = [BatchItem(f"m{n}", "create", "Customer", customer(name)) for n, name in enumerate(("A", "B", "a"))]
    answer = quickbooks.ask(connection_id, calls.batch(items), "batch-1", lease=lease)
    ends = faults.batch_members(answer.json, ["m0", "m1", "m2"])
    assert answers.named(ends["m1"]["Customer"]).name == "B"
    assert isinstance(ends["m2"], errors.NameTaken)


@pytest.mark.parametrize("effect", ["lost_after", "half_answer", "server_error_after", "stream_timeout", "html_502"])
def test_a_lost_answer_is_had_by_asking_again(
    effect: str, *, quickbooks: QuickBooks, connection_id: int, simulation: Simulation, lease: Lease
) -> None:
    simulation.control("faults", {"effect": effect, "kind": "customer"})
    call = calls.create("Customer", customer("Sandsend Stores"))
    with pytest.raises(errors.UnknownOutcome):
        quickbooks.ask(connection_id, call, "r1", lease=lease)
    again = quickbooks.ask(connection_id, call, "r1", lease=lease)
    assert answers.entity_of(again.json, "Customer")["SyncToken"] == "0"
    found = list(quickbooks.pages(connection_id, "Customer", ("DisplayName = 'Sandsend Stores'",)))
    assert [len(page) for page in found] == [1]


def test_a_throttled_company_is_left_alone(
    quickbooks: QuickBooks, connection_id: int, simulation: Simulation, lease: Lease
) -> None:
    simulation.control("faults", {"effect": "throttle", "kind": "customer"})
    with pytest.raises(errors.Throttled) as throttled:
        quickbooks.ask(connection_id, calls.create("Customer", customer("A")), "r1", lease=lease)
    assert throttled.value.retry_after_seconds == 60
    with pytest.raises(errors.Throttled, match="asked us to wait"):
        quickbooks.ask(connection_id, calls.create("Customer", customer("A")), "r1", lease=lease)


def test_a_token_that_died_is_renewed_on_the_way(
    quickbooks: QuickBooks, connection_id: int, simulation: Simulation
) -> None:
    simulation.control(f"companies/{REALM}/expire")
    assert quickbooks.company(connection_id).country == "GB"
    end_reading()
    assert db.session.get_one(Connection, connection_id).token_version == 2


def test_a_company_that_was_disconnected_there_waits_for_a_person(
    quickbooks: QuickBooks, connection_id: int, simulation: Simulation
) -> None:
    simulation.control(f"companies/{REALM}/disconnect")
    with pytest.raises(errors.ReconnectNeeded):
        quickbooks.company(connection_id)
    end_reading()
    assert db.session.get_one(Connection, connection_id).state.value == "reconnect"


def test_what_is_revoked_here_is_gone_there(quickbooks: QuickBooks, connection_id: int) -> None:
    connection = db.session.get_one(Connection, connection_id)
    keys, token = quickbooks.apps.app_for(connection), quickbooks.tokens.refresh_token(connection)
    quickbooks.oauth.revoke(keys, token)
    quickbooks.oauth.revoke(keys, token)
    with pytest.raises(errors.ReconnectNeeded):
        quickbooks.oauth.refresh(keys, token)
