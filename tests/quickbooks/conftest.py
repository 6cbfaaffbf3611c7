"""Northgate IT's books: a connection to the sandbox company 1234, on a line that the test answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.billing.entity import BillingEntity
from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import transaction
from app.foundation.sealing import Sealer, Secret
from app.foundation.settings import Settings
from app.quickbooks.client import QuickBooks
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.oauth import Grant
from app.quickbooks.realm import Realm
from tests import portal
from tests.quickbooks.intuit import API, Intuit
from tests.world import World

REALM = Realm("1234", "test")


@pytest.fixture
def held() -> Iterator[HeldClock]:
    with clock.use(held_clock := HeldClock(datetime(2026, 3, 2, 9, tzinfo=UTC))):
        yield held_clock


@pytest.fixture
def settings() -> Settings:
    return portal.settings_for(
        "sqlite:///unused",
        intuit_client_id="client-live",
        intuit_client_id_sandbox="client-1",
        intuit_client_secret_sandbox="client-secret-1",
        intuit_webhook_verifier_sandbox="verifier-new, verifier-old",
        quickbooks_api_url_sandbox=API,
    )


@pytest.fixture
def sealer(settings: Settings) -> Sealer:
    return settings.sealer()


@pytest.fixture
def intuit() -> Intuit:
    return Intuit()


@pytest.fixture
def quickbooks(intuit: Intuit, settings: Settings, sealer: Sealer) -> QuickBooks:
    return QuickBooks(intuit, settings, sealer)


@pytest.fixture
def entity_id(northgate: World) -> int:
    with transaction() as session:
        entity = BillingEntity(name="Northgate IT Ltd")
        session.add(entity)
        session.flush()
        return entity.id


@pytest.fixture
def connection_id(entity_id: int, quickbooks: QuickBooks) -> int:
    """Connect the entity, at whatever time the test's clock shows."""
    with transaction() as session:
        connection = Connection(
            billing_entity_id=entity_id,
            mode="test",
            realm_id=REALM.realm_id,
            state=ConnectionState.ACTIVE,
            connected_at=clock.now(),
        )
        session.add(connection)
        session.flush()
        quickbooks.tokens.store(session, connection, Grant(Secret("access-0"), 3600, Secret("refresh-0"), 8726400))
        return connection.id
