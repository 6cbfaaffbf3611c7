"""The mode and its consequences; the organisation's own Intuit app; policies."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from app.billing.entity import BillingEntity
from app.billing.models import Mode
from app.foundation.database import db
from app.foundation.house import house
from app.outbox.models import MessageState
from app.quickbooks.models import IntuitApp
from app.sync.records.policies import WhenClientMissing, policy_of
from tests.billing.firm import messages
from tests.simulation import REALM, SANDBOX_REALM
from tests.web.quickbooks.desk import Desk

ANSWERS = {
    "client_missing": "create",
    "service_missing": "hold",
    "number_taken": "stop",
    "zero_total": "skip",
    "closed_books": "hold",
    "default_income": "",
    "automatic_push": "y",
}


def mode_of(desk: Desk) -> Mode:
    db.session.rollback()
    return db.session.get_one(BillingEntity, desk.firm.entity.id, populate_existing=True).mode


def test_the_mode_page_says_what_is_hidden(connected: Desk) -> None:
    page = connected.get("/mode").text
    assert "Northgate IT Services Ltd stays connected, and is hidden" in page
    assert "No company is connected in Sandbox yet" in page
    assert mode_of(connected) is Mode.LIVE


def test_what_waits_is_parked_and_goes_on_when_one_comes_back(connected: Desk) -> None:
    invoice = connected.firm.open()
    connected.post("/mode")
    assert mode_of(connected) is Mode.TEST
    assert messages(invoice.subject) == [MessageState.PARKED]
    assert "No company is connected" in connected.get().text
    assert "SANDBOX" in connected.get().text
    connected.post("/mode")
    assert messages(invoice.subject) == [MessageState.WAITING]


def test_what_was_opened_in_test_is_asked_about_in_live_and_never_redirected(connected: Desk) -> None:
    connected.post("/mode")
    connected.connect(SANDBOX_REALM)
    connected.firm.open()
    connected.post("/mode")
    connected.send()
    assert (connected.there(), "were not sent" in connected.get().text) == (0, False)
    assert "Opened in Sandbox: send to Production?" in connected.get("/earlier-documents").text


def test_an_own_intuit_app_is_kept_and_its_secrets_are_never_shown(desk: Desk) -> None:
    desk.post("/intuit-app", client_id="OWN-KEY", client_secret="own-secret", verifier="own-verifier")
    page = desk.get("/intuit-app").text
    assert "OWN-KEY" in page
    assert "own-secret" not in page
    assert "own-verifier" not in page
    assert "Leave empty to keep it" in page
    row = db.session.query(IntuitApp).one()
    assert f"/webhooks/quickbooks/{row.slug}" in page
    assert "own-secret" not in str(row.client_secret)


def test_a_secret_that_is_left_empty_stays(desk: Desk) -> None:
    desk.post("/intuit-app", client_id="OWN-KEY", client_secret="own-secret")
    desk.post("/intuit-app", client_id="OTHER-KEY", client_secret="")
    row = db.session.query(IntuitApp).one()
    keys = desk.engine.quickbooks.apps.opened(row)
    assert (keys.client_id, keys.client_secret.value) == ("OTHER-KEY", "own-secret")


def test_the_first_time_a_secret_is_needed(desk: Desk) -> None:
    answer = desk.post("/intuit-app", client_id="OWN-KEY")
    assert answer.status_code == 422
    assert "Enter the client secret." in answer.text


def test_policies_are_kept(connected: Desk) -> None:
    connected.post("/policies", **ANSWERS | {"client_missing": "hold", "go_live_date": "2026-04-01"})
    policy = policy_of(connected.connection.id)
    assert (policy.client_missing, str(policy.go_live_date)) == (WhenClientMissing.HOLD, "2026-04-01")
    assert policy.automatic_push


def test_items_are_not_created_under_no_account(connected: Desk) -> None:
    refused = connected.post("/policies", **ANSWERS | {"service_missing": "create"})
    assert (refused.status_code, "Choose the income account" in refused.text) == (422, True)


def test_a_policy_that_mends_what_is_missing_frees_what_waited(connected: Desk) -> None:
    connected.post("/mappings/confirm?kind=tax-codes")
    connected.firm.open()
    connected.send()
    connected.post("/policies", **ANSWERS | {"service_missing": "create", "default_income": "1"})
    connected.send()
    assert connected.there() == 1


def test_an_answer_nobody_offered_is_refused(connected: Desk) -> None:
    assert connected.post("/policies", **ANSWERS | {"zero_total": "perhaps"}).status_code == 422


def test_only_income_accounts_are_offered(connected: Desk) -> None:
    page = connected.get("/policies").text
    assert "Sales of Product Income" in page
    assert "VAT Control" not in page


def test_another_company_than_before_is_told(connected: Desk) -> None:
    connected.simulation.control(f"companies/{REALM}/disconnect")
    connected.browser.get(connected.consent(realm=REALM))
    assert connected.get("/company").status_code == 302  # the same one goes on at once


def test_every_address_that_intuit_asks_for_can_be_copied(desk: Desk) -> None:
    page = desk.get("/intuit-app?entity=" + str(desk.firm.entity.id)).text
    public = house().settings.public_url
    paths = ("/quickbooks/callback", "/webhooks/quickbooks", "/", "/quickbooks/disconnected", "/settings/quickbooks")
    wanted = {public + path for path in (*paths, "/legal/terms", "/legal/privacy")} | {urlsplit(public).netloc}
    assert set(re.findall(r'data-copy="([^"]+)"', page)) == wanted


def test_what_production_still_lacks_is_told_from_what_is_there(connected: Desk) -> None:
    page = connected.get("/intuit-app").text
    assert "A production company was connected" in page
    assert "No sandbox company was ever connected here" in page
    connected.post("/mode")
    connected.connect(SANDBOX_REALM)
    assert "A sandbox company was connected here" in connected.get("/intuit-app").text


def test_a_company_that_waits_for_its_yes_proves_nothing_yet(desk: Desk) -> None:
    desk.browser.get(desk.consent())
    assert "The first company that you connect in Production proves it" in desk.get("/intuit-app").text
