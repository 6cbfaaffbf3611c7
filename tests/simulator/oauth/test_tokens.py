"""OAuth (§1): consent, codes, tokens that rotate, revocation."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from app.simulator.world import World
from tests.simulator.client import AMERICAN, NORTHGATE, SANDBOX, TRADING, Body, Client, decoded

CALLBACK = "http://localhost:5000/callback"
KEYS = ("SIM-PRODUCTION-KEY", "sim-production-secret")
ASKED = {
    "client_id": KEYS[0], "redirect_uri": CALLBACK, "response_type": "code", "state": "s 1",
    "scope": "com.intuit.quickbooks.accounting",
}  # fmt: skip
DAY = 86400


def consent(app: Client, **changes: str) -> dict[str, str]:
    form = ASKED | {"realm": NORTHGATE, "answer": "connect"} | changes
    answer = app.http.post("/connect/oauth2", data=form)
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def ask(app: Client, keys: tuple[str, str] = KEYS, **form: str) -> TestResponse:
    return app.http.post("/oauth2/v1/tokens/bearer", data=form, auth=keys)


def connect(app: Client) -> Body:
    code = consent(app)["code"]
    answer = ask(app, grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
    assert answer.status_code == 200, answer.text
    return decoded(answer)


def refresh(app: Client, token: str) -> TestResponse:
    return ask(app, grant_type="refresh_token", refresh_token=token)


def test_discovery_names_every_address(app: Client) -> None:
    found = [app.http.get(f"/.well-known/openid{name}_configuration/").json for name in ("", "_sandbox")]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0]["token_endpoint"] == "http://localhost/oauth2/v1/tokens/bearer"
    assert {name for name in found[0] if found[0][name] != found[1][name]} == {"userinfo_endpoint"}


def test_the_consent_page_offers_the_companies_of_the_keys_environment(app: Client) -> None:
    page = app.http.get("/connect/oauth2", query_string=ASKED)
    assert re.findall(r'name="realm" value="(\d+)"', page.text) == [NORTHGATE, AMERICAN, TRADING]
    assert "form-action 'self' http://localhost:5000" in page.headers["Content-Security-Policy"]


def test_saying_yes_brings_code_state_and_realm(app: Client) -> None:
    assert consent(app).keys() == {"code", "state", "realmId"}
    assert consent(app)["state"] == "s 1"


def test_saying_no_brings_access_denied(app: Client) -> None:
    assert consent(app, answer="cancel") == {"error": "access_denied", "state": "s 1"}


def test_an_unknown_scope_is_sent_back(app: Client) -> None:
    answer = app.http.get("/connect/oauth2", query_string=ASKED | {"scope": "everything"})
    assert "error=invalid_scope" in answer.headers["Location"]


@pytest.mark.parametrize("change", [{"client_id": "X"}, {"redirect_uri": "http://evil.example/"}, {"realm": SANDBOX}])
def test_a_consent_that_cannot_be_is_refused_on_the_page(app: Client, change: dict[str, str]) -> None:
    form = ASKED | {"realm": NORTHGATE, "answer": "connect"} | change
    assert app.http.post("/connect/oauth2", data=form).status_code == 400


def test_a_code_brings_tokens_that_open_the_company(app: Client) -> None:
    tokens = connect(app)
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 3600)
    assert tokens["x_refresh_token_expires_in"] == 8726400
    assert "realmId" not in tokens
    app.token = tokens["access_token"]
    assert app.get("customer/1").status_code == 200


def test_a_code_is_good_once(app: Client) -> None:
    code = consent(app)["code"]
    answers = [ask(app, grant_type="authorization_code", code=code, redirect_uri=CALLBACK) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 400]
    assert answers[1].json == {"error": "invalid_grant"}


def test_wrong_keys_are_told_401(app: Client) -> None:
    answer = ask(app, (KEYS[0], "guess"), grant_type="refresh_token", refresh_token="x")
    assert (answer.status_code, answer.json) == (401, {"error": "invalid_client"})


def test_an_unknown_grant_is_told(app: Client) -> None:
    assert ask(app, grant_type="password").json == {"error": "unsupported_grant_type"}


def test_a_refresh_within_the_day_keeps_the_refresh_token(app: Client) -> None:
    tokens = connect(app)
    again = decoded(refresh(app, tokens["refresh_token"]))
    assert again["refresh_token"] == tokens["refresh_token"]
    assert again["access_token"] != tokens["access_token"]


def test_after_a_day_the_value_changes_and_the_old_one_is_dead(app: Client) -> None:
    old = connect(app)["refresh_token"]
    app.control("clock", {"advance_seconds": DAY + 1})
    new = decoded(refresh(app, old))["refresh_token"]
    assert new != old
    assert refresh(app, old).json == {
        "error": "invalid_grant", "error_description": "Incorrect or invalid refresh token",
    }  # fmt: skip
    assert refresh(app, new).status_code == 200


def test_by_switch_the_old_value_has_a_day_of_grace(app: Client) -> None:
    app.control("switches", {"old_refresh_grace_seconds": DAY, "refresh_rotation_seconds": 0})
    old = connect(app)["refresh_token"]
    assert refresh(app, old).status_code == 200
    assert refresh(app, old).status_code == 200


def test_by_switch_a_reused_value_kills_the_connection(app: Client) -> None:
    app.control("switches", {"reused_refresh_revokes": True, "refresh_rotation_seconds": 0})
    old = connect(app)["refresh_token"]
    new = decoded(refresh(app, old))["refresh_token"]
    assert refresh(app, old).status_code == 400
    assert refresh(app, new).status_code == 400


def test_an_access_token_lives_an_hour(app: Client) -> None:
    app.token = connect(app)["access_token"]
    app.control("clock", {"advance_seconds": 3601})
    assert app.get("customer/1").status_code == 401


def test_a_hundred_and_one_days_of_silence_end_the_connection(app: Client) -> None:
    token = connect(app)["refresh_token"]
    app.control("clock", {"advance_seconds": 102 * DAY})
    assert refresh(app, token).status_code == 400


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_the_connection(app: Client, which: str) -> None:
    tokens = connect(app)
    answer = app.http.post("/v2/oauth2/tokens/revoke", json={"token": tokens[which]}, auth=KEYS)
    assert (answer.status_code, answer.data) == (200, b"")
    app.token = tokens["access_token"]
    assert app.get("customer/1").status_code == 401
    assert refresh(app, tokens["refresh_token"]).status_code == 400


def test_revoking_an_unknown_token_is_refused(app: Client) -> None:
    assert app.http.post("/v2/oauth2/tokens/revoke", json={"token": "x"}, auth=KEYS).status_code == 400


def test_the_hard_end_is_told_only_when_asked_for(app: Client) -> None:
    token = connect(app)["refresh_token"]
    assert "x_refresh_token_hard_expires_in" not in decoded(refresh(app, token))
    headers = {"x-include-refresh-token-hard-expires-in": "true"}
    form = {"grant_type": "refresh_token", "refresh_token": token}
    answer = app.http.post("/oauth2/v1/tokens/bearer", data=form, auth=KEYS, headers=headers)
    assert decoded(answer)["x_refresh_token_hard_expires_in"] == 157680000


def test_the_control_api_connects_without_a_browser(app: Client) -> None:
    wish = {"client_id": KEYS[0], "redirect_uri": CALLBACK, "state": "s"}
    given = app.control(f"companies/{NORTHGATE}/authorize", wish)
    answer = ask(app, grant_type="authorization_code", code=given["code"], redirect_uri=CALLBACK)
    assert answer.status_code == 200
    assert given["realmId"] == NORTHGATE


def test_a_disconnect_inside_quickbooks_is_noticed_only_by_401_and_invalid_grant(app: Client) -> None:
    tokens = connect(app)
    app.control(f"companies/{NORTHGATE}/disconnect")
    app.token = tokens["access_token"]
    assert app.get("customer/1").status_code == 401
    assert refresh(app, tokens["refresh_token"]).status_code == 400


def test_without_the_accounting_scope_no_book_opens_403(app: Client) -> None:
    code = consent(app, scope="openid")["code"]
    app.token = decoded(ask(app, grant_type="authorization_code", code=code, redirect_uri=CALLBACK))["access_token"]
    answer = app.get("customer/1")
    assert (answer.status_code, "insufficient_scope" in answer.text) == (403, True)


def test_of_two_refreshes_at_the_same_time_the_second_is_refused(app: Client, world: World) -> None:
    granted = connect(app)["refresh_token"]
    with world.authority.using(granted):
        assert refresh(app, granted).json == {
            "error": "invalid_grant", "error_description": "Incorrect or invalid refresh token",
        }  # fmt: skip
    assert refresh(app, granted).status_code == 200


def test_by_switch_the_second_refresh_costs_the_connection(app: Client, world: World) -> None:
    app.control("switches", {"reused_refresh_revokes": True})
    granted = connect(app)["refresh_token"]
    with world.authority.using(granted):
        refresh(app, granted)
    assert refresh(app, granted).status_code == 400


def test_the_hard_end_comes_nearer_although_one_refreshes(app: Client) -> None:
    granted = connect(app)["refresh_token"]
    app.control("clock", {"advance_seconds": 100 * DAY})
    form = {"grant_type": "refresh_token", "refresh_token": granted}
    headers = {"x-include-refresh-token-hard-expires-in": "true"}
    answer = decoded(app.http.post("/oauth2/v1/tokens/bearer", data=form, auth=KEYS, headers=headers))
    assert answer["x_refresh_token_hard_expires_in"] <= 157680000 - 100 * DAY


@pytest.mark.parametrize(
    ("address", "status"),
    [("https://portal.example/back", 200), ("http://localhost:5000/", 400), ("https://10.0.0.1/", 400)],
)
def test_by_the_book_production_keys_take_no_local_redirect(app: Client, address: str, status: int) -> None:
    app.control("switches", {"redirects": "by_the_book"})
    page = app.http.get("/connect/oauth2", query_string=ASKED | {"redirect_uri": address})
    assert page.status_code == status
