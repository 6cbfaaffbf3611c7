"""The settings page: obstacles with their fixes, several billing entities, none at all, and strangers."""

from __future__ import annotations

from datetime import timedelta

from app.billing.entities import EntityFields, found_entity
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.tenancy import acting_for
from app.quickbooks.models import Connection
from app.sync.listening import heartbeats
from app.web.quickbooks.doors import unsent_questions
from tests.web.quickbooks.conftest import SignIn
from tests.web.quickbooks.desk import HOME, Desk
from tests.world import World


def test_what_holds_documents_back_is_listed_with_its_fix(connected: Desk) -> None:
    connected.firm.open()
    connected.send()
    page = connected.get().text
    assert "Service “SUP” has no item in QuickBooks yet." in page
    assert f'href="/settings/quickbooks/mappings/services/{connected.firm.support.id}"' in page


def test_when_all_is_mapped_and_a_worker_lives_nothing_stops_documents(connected: Desk) -> None:
    heartbeats.beat("worker")
    connected.post("/mappings/confirm?kind=tax-codes")
    assert "Ready: nothing stops documents" in connected.get().text


def test_a_second_billing_entity_has_a_company_of_its_own(connected: Desk) -> None:
    with transaction():
        dublin = found_entity(EntityFields(name="Northgate IT Ireland", home_currency="EUR")).id
    page = connected.get(f"?entity={dublin}").text
    assert "Northgate IT Ireland" in page
    assert "No company is connected" in page
    assert f"{HOME}/connect?entity={dublin}" in page
    assert "Northgate IT Services Ltd" in connected.get().text


def test_another_organisations_entity_is_not_there(connected: Desk, northgate: World, sign_in: SignIn) -> None:
    with acting_for(northgate.southbank.id), transaction():
        found_entity(EntityFields(name="Southbank"))
    stranger = sign_in(northgate.xavier)
    for path in ("", "/mappings", "/test", "/earlier-documents", "/mode", "/policies"):
        assert stranger.get(f"{HOME}{path}?entity={connected.firm.entity.id}").status_code == 404


def test_without_a_billing_entity_one_is_set_up_first(northgate: World, sign_in: SignIn) -> None:
    assert sign_in(northgate.xavier).get(HOME).location == "/settings/billing-entity"


def test_pages_about_a_company_lead_back_while_none_is_connected(desk: Desk) -> None:
    for path in ("/mappings", "/policies", "/earlier-documents", "/test", "/disconnect"):
        assert desk.get(path).location == HOME
    assert "Connect a company first" in desk.get().text


def test_a_permission_that_ends_soon_is_shown_and_offers_to_reconnect(connected: Desk) -> None:
    connection_id = connected.connection.id
    with transaction() as session:
        session.get_one(Connection, connection_id).hard_expires_at = clock.now() + timedelta(days=6.5)
    page = connected.get().text
    assert "ends in 6 days: QuickBooks ends every permission after five years" in page
    assert "Reconnect</a>" in page


def test_a_lost_permission_is_shown_and_asks_to_reconnect(connected: Desk) -> None:
    connection_id = connected.connection.id
    db.session.rollback()
    connected.engine.quickbooks.tokens.lose(connection_id, "Taken away at Intuit.")
    page = connected.get().text
    assert "Reconnect needed" in page
    assert "Taken away at Intuit." in page
    assert "QuickBooks no longer accepts our permission." in page


def test_the_dashboards_question_is_for_whoever_may_see_the_sync(connected: Desk) -> None:
    with connected.browser.application.test_request_context():
        assert unsent_questions() == []
