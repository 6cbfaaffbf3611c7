"""Which Intuit app speaks for whom."""

import pytest

from app.foundation.database import db, transaction
from app.foundation.sealing import Sealer, Secret
from app.foundation.tenancy import acting_for
from app.quickbooks.client import QuickBooks
from app.quickbooks.models import Connection, Environment, IntuitApp
from app.quickbooks.resealing import reseal
from tests.world import World

OWN = Secret("own-secret")


@pytest.fixture
def own(quickbooks: QuickBooks, northgate: World) -> IntuitApp:
    """Northgate IT brings an app of its own for the sandbox."""
    with transaction() as session:
        row = quickbooks.apps.keep(session, Environment.SANDBOX, "own-client", OWN)
        quickbooks.apps.keep_verifier(row, Secret("verifier-1"))
    return row


def test_without_an_app_of_its_own_the_shared_one_speaks(quickbooks: QuickBooks, northgate: World) -> None:
    keys = quickbooks.apps.app_for(Environment.SANDBOX)
    assert (keys.app_id, keys.client_id, keys.client_secret) == (None, "client-1", Secret("client-secret-1"))
    assert keys.verifiers == (Secret("verifier-new"), Secret("verifier-old"))
    assert keys.is_complete
    assert not quickbooks.apps.app_for(Environment.PRODUCTION).is_complete
    assert quickbooks.apps.shared(Environment.PRODUCTION).verifiers == ()


def test_an_organisations_own_app_speaks_for_it_alone(quickbooks: QuickBooks, own: IntuitApp, northgate: World) -> None:
    keys = quickbooks.apps.app_for(Environment.SANDBOX)
    assert (keys.app_id, keys.client_id, keys.client_secret) == (own.id, "own-client", OWN)
    assert keys.api_url == quickbooks.apps.shared(Environment.SANDBOX).api_url
    with acting_for(northgate.southbank.id):
        assert quickbooks.apps.app_for(Environment.SANDBOX).app_id is None


def test_a_connection_keeps_the_app_it_was_made_with(
    quickbooks: QuickBooks, connection_id: int, own: IntuitApp
) -> None:
    connection = db.session.get_one(Connection, connection_id)
    assert quickbooks.apps.app_for(connection).client_id == "client-1"
    with transaction() as session:
        session.get_one(Connection, connection_id).intuit_app_id = own.id
    assert quickbooks.apps.app_for(db.session.get_one(Connection, connection_id)).client_id == "own-client"


def test_a_changed_app_keeps_its_webhook_address(quickbooks: QuickBooks, own: IntuitApp) -> None:
    slug = own.slug
    with transaction() as session:
        quickbooks.apps.keep(session, Environment.SANDBOX, "own-client-2", Secret("own-secret-2"))
    keys, door = quickbooks.apps.app_for(Environment.SANDBOX), quickbooks.apps.verifiers_at(slug)
    assert (keys.client_id, keys.client_secret) == ("own-client-2", Secret("own-secret-2"))
    assert door is not None
    assert (door.app_id, door.mode, door.verifiers) == (own.id, "test", (Secret("verifier-1"),))


def test_a_changed_verifier_is_valid_at_its_address_from_the_next_call_on(
    quickbooks: QuickBooks, own: IntuitApp
) -> None:
    slug, found = own.slug, []
    for name in ("verifier-2", "verifier-3"):
        with transaction() as session:
            quickbooks.apps.keep_verifier(session.get_one(IntuitApp, own.id), Secret(name))
        door = quickbooks.apps.verifiers_at(slug)
        found.append([verifier.value for verifier in door.verifiers] if door else [])
    assert found == [["verifier-2", "verifier-1"], ["verifier-3", "verifier-2"]]


def test_an_address_of_nobody_s_has_no_verifiers(quickbooks: QuickBooks, own: IntuitApp) -> None:
    assert quickbooks.apps.verifiers_at("another") is None


def test_while_a_verifier_is_changed_two_are_valid(quickbooks: QuickBooks, own: IntuitApp) -> None:
    for name in ("verifier-2", "verifier-3", "verifier-3"):
        with transaction() as session:
            quickbooks.apps.keep_verifier(session.get_one(IntuitApp, own.id), Secret(name))
    assert quickbooks.apps.opened(own).verifiers == (Secret("verifier-3"), Secret("verifier-2"))


def test_a_secret_rests_sealed_in_its_own_place(quickbooks: QuickBooks, own: IntuitApp, sealer: Sealer) -> None:
    assert "own-secret" not in (own.client_secret or "")
    assert sealer.unseal(own.client_secret or "", own.place("client_secret")) == OWN


def test_after_a_new_key_every_secret_is_sealed_anew_once(
    quickbooks: QuickBooks, own: IntuitApp, connection_id: int, sealer: Sealer
) -> None:
    newer = Sealer({"newer": b"n" * 32, "test": b"k" * 32})
    assert reseal(newer) == 4
    assert reseal(newer) == 0
    assert newer.is_current(db.session.get_one(Connection, connection_id).refresh_token or "")
    assert newer.unseal(own.verifier or "", own.place("verifier")) == Secret("verifier-1")
