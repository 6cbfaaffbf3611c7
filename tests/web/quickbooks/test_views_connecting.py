"""Connecting a company, saying no to it, coming back with a wrong state, testing, and disconnecting."""

from __future__ import annotations

import re
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db, transaction
from app.foundation.tenancy import acting_for
from app.outbox.models import Message, MessageState
from app.quickbooks.models import ConnectionState
from app.sync.company import connecting
from app.sync.records.links import Link, LinkMade
from tests.billing.firm import build
from tests.portal import csrf_token
from tests.simulation import REALM
from tests.simulator.client import AMERICAN, TRADING
from tests.web.quickbooks.conftest import SignIn
from tests.web.quickbooks.desk import Desk
from tests.world import PASSWORD, World


def test_connect_leads_to_intuit_with_a_state_of_256_bits(desk: Desk) -> None:
    asked = parse_qs(urlsplit(desk.get("/connect").location).query)
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/quickbooks/callback"]
    assert asked["client_id"] == ["SIM-PRODUCTION-KEY"]
    assert len(asked["state"][0]) >= 43


def test_after_consent_the_company_is_shown_and_nothing_is_used_yet(desk: Desk) -> None:
    answer = desk.browser.get(desk.consent())
    assert answer.location.startswith("/settings/quickbooks/company")
    page = desk.browser.get(answer.location).text
    assert "You connected Northgate IT Services Ltd" in page
    assert "United Kingdom, GBP" in page
    assert desk.states() == [ConnectionState.PENDING]


def test_a_company_that_is_used_shows_its_card(connected: Desk) -> None:
    page = connected.get().text
    for words in (
        "Northgate IT Services Ltd",
        REALM,
        "United Kingdom, GBP",
        "Production",
        "by Olivia",
        "A tax code on each line",
    ):
        assert words in page
    assert "Lapses in 10" in page


def test_a_company_that_is_cancelled_is_revoked(desk: Desk) -> None:
    desk.browser.get(desk.consent())
    desk.post("/company", answer="cancel")
    assert desk.states() == [ConnectionState.DISCONNECTED]
    assert not desk.simulation.look("companies")["companies"][0]["connected"]


def test_a_yes_is_to_the_company_that_was_shown(desk: Desk) -> None:
    shown = desk.browser.get(desk.browser.get(desk.consent()).location).text
    (named,) = re.findall(r'name="company" value="(\d+)"', shown)
    desk.browser.get(desk.consent(realm=TRADING))  # in another tab, or by a colleague
    desk.post("/company", answer="use", company=named)
    assert desk.states() == [ConnectionState.DISCONNECTED, ConnectionState.PENDING]
    assert "Another company has answered since" in desk.get("/company").text


def test_cancelling_at_intuit_connects_nothing(desk: Desk) -> None:
    desk.browser.get(desk.consent(answer="cancel"))
    assert "You cancelled at QuickBooks" in desk.get().text
    assert desk.states() == []


def test_a_state_works_once(desk: Desk) -> None:
    back = desk.consent()
    desk.browser.get(back)
    desk.browser.get(back)
    assert "not one that was begun here" in desk.get().text


def test_a_state_of_another_session_is_refused(desk: Desk, northgate: World, sign_in: SignIn) -> None:
    other = sign_in(northgate.adam)
    other.get(desk.consent())
    assert "not one that was begun here" in other.get("/settings/quickbooks").text
    assert desk.states() == []


def test_a_state_of_whoever_sat_at_this_browser_before_is_refused(desk: Desk, northgate: World) -> None:
    back = desk.consent()
    desk.browser.post("/sign-out", data={"csrf_token": csrf_token(desk.browser.get("/account/password").text)})
    page = desk.browser.get("/sign-in").text
    adam = {"email": northgate.adam.email, "password": PASSWORD, "csrf_token": csrf_token(page)}
    assert desk.browser.post("/sign-in", data=adam).status_code == 302
    desk.browser.get(back)
    assert "not one that was begun here" in desk.get().text
    assert desk.states() == []


def test_a_company_that_only_the_redirect_names_cannot_be_used(desk: Desk) -> None:
    """Whoever altered the address could else keep a company that is not theirs from its owner."""
    desk.simulation.control("faults", {"effect": "server_error", "method": "GET", "count": 0})
    desk.browser.get(desk.consent())
    assert desk.post("/company", answer="use").status_code == 409
    assert desk.states() == [ConnectionState.PENDING]


def test_a_company_the_person_did_not_consent_to_is_refused(desk: Desk) -> None:
    desk.browser.get(desk.consent().replace(REALM, "9341450000000099"))
    assert desk.states() == [ConnectionState.DISCONNECTED]


def test_a_state_is_too_old_after_ten_minutes(desk: Desk) -> None:
    back = desk.consent()
    late = HeldClock(clock.now())
    with clock.use(late):
        late.sleep(601)
        desk.browser.get(back)
        assert desk.states() == []


def test_a_code_that_intuit_refuses_is_a_sentence(desk: Desk) -> None:
    state = desk.state()
    desk.browser.get(f"/quickbooks/callback?state={state}&code=spent&realmId={REALM}")
    assert "must connect it again" in desk.get().text


def test_a_company_connected_elsewhere_is_refused(connected: Desk, northgate: World, sign_in: SignIn) -> None:
    with acting_for(northgate.southbank.id):
        southbank = build()
    stranger = Desk(southbank, connected.engine, connected.simulation, sign_in(northgate.xavier))
    stranger.browser.get(stranger.consent())
    assert "already connected elsewhere in the portal" in stranger.get().text


def test_reconnecting_the_same_company_keeps_it(connected: Desk) -> None:
    connected.simulation.control(f"companies/{REALM}/disconnect")
    connected.get("/test")
    assert "Reconnect needed" in connected.get().text
    connected.browser.get(connected.consent())
    assert connected.states() == [ConnectionState.ACTIVE]
    assert "is connected again" in connected.get().text


def used(desk: Desk) -> None:
    """One invoice of ours is in the company."""
    invoice = desk.firm.open()
    row = {"kind": "invoice", "entity": "Invoice", "subject_id": invoice.id, "remote_id": "145", "sync_token": "0"}
    with transaction() as session:
        made = {"made": LinkMade.BY_HAND, "linked_at": clock.now()}
        session.add(Link(connection_id=desk.connection.id, **row, **made))


def pending_page(desk: Desk, realm: str) -> str:
    """Consent to a company; what is asked before it is used."""
    desk.browser.get(desk.consent(realm=realm))
    return " ".join(desk.get("/company").text.split())


def test_another_company_than_the_connected_one_is_told(connected: Desk) -> None:
    used(connected)
    page = pending_page(connected, TRADING)
    assert "Northgate IT Services Ltd is connected now and will be disconnected; 1 document is known" in page


def test_another_company_than_before_a_disconnect_is_told(connected: Desk) -> None:
    used(connected)
    connected.post("/disconnect", company="northgate it services ltd")
    page = pending_page(connected, TRADING)
    assert "Another company than before" in page
    assert "Northgate IT Services Ltd was connected before; 1 document is known to be in it" in page


def test_the_same_company_as_before_a_disconnect_is_no_other(connected: Desk) -> None:
    used(connected)
    connected.post("/disconnect", company="northgate it services ltd")
    assert "Another company than before" not in pending_page(connected, REALM)


def test_a_company_before_that_heard_of_nothing_is_not_told(connected: Desk) -> None:
    connected.post("/disconnect", company="northgate it services ltd")
    assert "Another company than before" not in pending_page(connected, TRADING)


def test_a_company_of_another_currency_is_not_what_is_offered_first(desk: Desk) -> None:
    page = pending_page(desk, AMERICAN)
    assert "Another currency than yours: choose another company" in page
    assert '<button class="btn btn-primary" name="answer" value="another">' in page
    assert page.count("btn-primary") == 1
    assert desk.post("/company", answer="another").location == "/settings/quickbooks/connect"
    assert desk.states() == [ConnectionState.DISCONNECTED]


def test_a_company_that_takes_other_currencies_is_offered(desk: Desk) -> None:
    currencies = {"CurrencyPrefs": {"MultiCurrencyEnabled": True}}
    desk.simulation.control(f"companies/{AMERICAN}/preferences", currencies)
    page = pending_page(desk, AMERICAN)
    assert "and takes other currencies" in page
    assert '<button class="btn btn-primary" name="answer" value="use">' in page


def test_nothing_goes_to_a_company_of_another_currency_until_another_is_chosen(desk: Desk) -> None:
    desk.connect(AMERICAN)
    desk.firm.open()
    desk.send()
    assert held() == ["company_currency"]
    desk.connect(REALM)
    assert held() == []


def held() -> list[str | None]:
    """What the parked messages wait for."""
    db.session.rollback()
    return list(db.session.scalars(select(Message.blocker).where(Message.state == MessageState.PARKED)))


def test_the_test_lists_what_was_checked_with_its_tid(connected: Desk) -> None:
    page = connected.get("/test").text
    assert page.count("Works") == 11
    assert 'data-copy="1-' in page


def test_lists_are_read_again(connected: Desk) -> None:
    connected.post("/lists")
    assert "records of 5 lists were read" in connected.get().text


def test_disconnecting_asks_for_the_name_and_says_what_is_cleared(connected: Desk) -> None:
    assert "No links to clear" in connected.get("/disconnect").text
    refused = connected.post("/disconnect", company="another")
    assert (refused.status_code, "<h1>Disconnect" in refused.text) == (422, True)
    assert connected.states() == [ConnectionState.ACTIVE]
    connected.post("/disconnect", company="northgate it services ltd")
    assert connected.states() == [ConnectionState.DISCONNECTED]


def test_the_page_says_no_more_than_was_counted(connected: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "COUNTED", 1)
    tie = partial(Link, connection_id=connected.connection.id, sync_token="0", made=LinkMade.BY_HAND)
    with transaction() as session:
        for number, kind in enumerate(("invoice", "invoice", "client")):
            row = tie(kind=kind, entity=kind, subject_id=number, remote_id=str(number), linked_at=clock.now())
            session.add(row)
    page = " ".join(connected.get("/disconnect").text.split())
    assert "More than 1 invoice links will be cleared" in page
    assert "<li>1 client link will be cleared" in page


def test_without_keys_the_card_says_why_it_cannot_connect(firm: object, northgate: World, sign_in: SignIn) -> None:
    browser = sign_in(northgate.olivia)
    page = browser.get("/settings/quickbooks").text
    assert "There is no Intuit app for Production" in page
    assert browser.get("/settings/quickbooks/connect").location == "/settings/quickbooks/intuit-app"


def test_read_only_people_see_the_page_and_can_connect_nothing(desk: Desk, northgate: World, sign_in: SignIn) -> None:
    browser = sign_in(northgate.rhea)
    assert "An owner or admin can connect a company" in browser.get("/settings/quickbooks").text
    assert browser.get("/settings/quickbooks/connect").status_code == 403


def test_the_page_after_a_disconnect_at_intuit_is_open_to_all(desk: Desk, northgate: World) -> None:
    visitor = desk.browser.application.test_client()
    assert visitor.get("/quickbooks/disconnected?realmId=1").status_code == 200
