"""How a connection begins, is accepted and ends."""

import pytest

from app.billing.entity import BillingEntity
from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db, end_reading, transaction
from app.foundation.sealing import Secret
from app.foundation.tenancy import acting_for
from app.quickbooks import errors, ties
from app.quickbooks.client import QuickBooks
from app.quickbooks.company import company_seen
from app.quickbooks.models import Connection, ConnectionState, Environment
from app.quickbooks.oauth import Grant
from app.quickbooks.ties import Tie
from tests.world import World

GRANT = Grant(Secret("access-7"), 3600, Secret("refresh-7"), 8726400)


def begin(quickbooks: QuickBooks, entity_id: int, realm_id: str) -> int:
    """A person comes back from Intuit with this company."""
    with transaction() as session:
        tie = Tie(entity_id, Environment.SANDBOX, realm_id, user_id=5)
        return ties.begin(session, tie, GRANT, quickbooks.tokens).id


def test_a_permission_that_a_newer_one_overtook_brings_no_old_tokens_back(
    quickbooks: QuickBooks, entity_id: int, held: HeldClock
) -> None:
    began = clock.now()
    held.sleep(5)
    connection_id = begin(quickbooks, entity_id, "77")
    older = Grant(Secret("access-6"), 3600, Secret("refresh-6"), 8726400)
    with transaction() as session:
        slow = Tie(entity_id, Environment.SANDBOX, "77", user_id=6, began_at=began)
        assert ties.begin(session, slow, older, quickbooks.tokens).id == connection_id
    assert look(connection_id).connected_by == 5
    assert quickbooks.tokens.access_token(connection_id) == Secret("access-7")


def accept(connection_id: int) -> None:
    """A person says yes to the company."""
    with transaction() as session:
        ties.accept(session, session.get_one(Connection, connection_id))


def look(connection_id: int) -> Connection:
    """Read the row anew."""
    end_reading()
    return db.session.get_one(Connection, connection_id)


def test_a_new_company_waits_to_be_accepted(quickbooks: QuickBooks, entity_id: int, held: HeldClock) -> None:
    connection_id = begin(quickbooks, entity_id, "77")
    row = look(connection_id)
    assert (row.state, row.connected_by, row.connected_at) == (ConnectionState.PENDING, 5, clock.now())
    assert row.is_usable
    assert quickbooks.tokens.access_token(connection_id) == Secret("access-7")
    accept(connection_id)
    assert look(connection_id).state is ConnectionState.ACTIVE


def test_the_same_company_again_goes_on_where_it_was(quickbooks: QuickBooks, connection_id: int) -> None:
    quickbooks.tokens.lose(connection_id, "revoked")
    assert begin(quickbooks, look(connection_id).billing_entity_id, "1234") == connection_id
    row = look(connection_id)
    assert (row.state, row.last_error) == (ConnectionState.ACTIVE, None)
    assert quickbooks.tokens.access_token(connection_id) == Secret("access-7")


def test_another_company_takes_the_place_only_when_it_is_accepted(quickbooks: QuickBooks, connection_id: int) -> None:
    newer = begin(quickbooks, look(connection_id).billing_entity_id, "77")
    assert look(connection_id).state is ConnectionState.ACTIVE
    accept(newer)
    assert (look(connection_id).state, look(newer).state) == (ConnectionState.DISCONNECTED, ConnectionState.ACTIVE)
    assert look(connection_id).refresh_token is None


def test_of_two_companies_that_wait_the_later_counts(quickbooks: QuickBooks, entity_id: int) -> None:
    first, second = begin(quickbooks, entity_id, "77"), begin(quickbooks, entity_id, "78")
    assert (look(first).state, look(second).state) == (ConnectionState.DISCONNECTED, ConnectionState.PENDING)


def test_a_company_that_was_disconnected_finds_its_row_again(quickbooks: QuickBooks, connection_id: int) -> None:
    with transaction() as session:
        ties.disconnect(session.get_one(Connection, connection_id))
    assert begin(quickbooks, look(connection_id).billing_entity_id, "1234") == connection_id
    assert look(connection_id).state is ConnectionState.PENDING


def test_a_company_of_another_organisation_is_refused(
    quickbooks: QuickBooks, connection_id: int, northgate: World
) -> None:
    with acting_for(northgate.southbank.id):
        with transaction() as session:
            theirs = BillingEntity(name="Southbank")
            session.add(theirs)
            session.flush()
            theirs_id = theirs.id
        with pytest.raises(errors.RealmTakenError):
            begin(quickbooks, theirs_id, "1234")
        waiting = begin(quickbooks, theirs_id, "77")
    accept(begin(quickbooks, look(connection_id).billing_entity_id, "77"))
    with acting_for(northgate.southbank.id), pytest.raises(errors.RealmTakenError):
        accept(waiting)


def test_what_kind_of_company_it_is_is_remembered(connection_id: int) -> None:
    with transaction() as session:
        seen = company_seen({"CompanyName": "Northgate Books", "Country": "GB"}, {})
        ties.note_company(session.get_one(Connection, connection_id), seen)
    row = look(connection_id)
    assert (row.company_name, row.country, row.company_seen_at is not None) == ("Northgate Books", "GB", True)
