"""Intuit's own `intuit-oauth`, as its registry has it: all that is set is the address of the discovery document."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError
from intuitlib.utils import validate_id_token

from tests.simulation import REALM, Simulation

CALLBACK = "http://localhost:5000/callback"
LIVE = ("SIM-PRODUCTION-KEY", "sim-production-secret")
OPEN_ID = [Scopes.ACCOUNTING, Scopes.OPENID, Scopes.EMAIL, Scopes.PROFILE, Scopes.PHONE, Scopes.ADDRESS]
# The package reads the clock in a way that Python 3.12 warns of.
reads_id_tokens = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


def app_of(intuit: Simulation, secret: str = LIVE[1], environment: str = "openid_configuration") -> AuthClient:
    """The package's client with the keys of production."""
    return AuthClient(LIVE[0], secret, CALLBACK, f"{intuit.base}/.well-known/{environment}/")


def consent(app: AuthClient, *scopes: Scopes, answer: str = "connect") -> dict[str, str]:
    """What the person's answer brings back to the app: they follow the package's link and press a button."""
    link = app.get_authorization_url(list(scopes) or [Scopes.ACCOUNTING])
    form = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    assert app.get(link).status_code == 200
    pressed = app.post(link.partition("?")[0], form | {"realm": REALM, "answer": answer}, allow_redirects=False)
    return {name: values[0] for name, values in parse_qs(urlsplit(pressed.headers["Location"]).query).items()}


def connected(intuit: Simulation, *scopes: Scopes) -> AuthClient:
    """A client that holds tokens of a company."""
    app = app_of(intuit)
    back = consent(app, *scopes)
    app.get_bearer_token(back["code"], realm_id=back["realmId"])
    return app


def refused(error: AuthClientError) -> tuple[int, str]:
    return error.status_code, error.response.json()["error"]


def test_it_reads_both_discovery_documents(intuit: Simulation) -> None:
    live, sandbox = app_of(intuit), app_of(intuit, environment="openid_sandbox_configuration")
    assert (live.token_endpoint, live.revoke_endpoint, live.jwks_uri) == (
        sandbox.token_endpoint, sandbox.revoke_endpoint, sandbox.jwks_uri,
    )  # fmt: skip
    assert live.user_info_url != sandbox.user_info_url


def test_a_person_who_follows_its_link_comes_back_with_code_state_and_realm(intuit: Simulation) -> None:
    app = app_of(intuit)
    back = consent(app)
    assert back.keys() == {"code", "state", "realmId"}
    assert (back["state"], back["realmId"]) == (app.state_token, REALM)


def test_a_person_who_cancels_comes_back_with_an_error_and_the_state(intuit: Simulation) -> None:
    app = app_of(intuit)
    assert consent(app, answer="cancel") == {"error": "access_denied", "state": app.state_token}


def test_it_exchanges_a_code_for_tokens(intuit: Simulation) -> None:
    app = connected(intuit)
    assert (app.expires_in, app.x_refresh_token_expires_in, app.realm_id) == (3600, 8726400, REALM)
    assert app.access_token.startswith("eyJ")
    assert app.refresh_token.startswith("RT1-")
    assert app.id_token is None


def test_a_code_used_twice_is_told_with_its_tid(intuit: Simulation) -> None:
    app = app_of(intuit)
    code = consent(app)["code"]
    app.get_bearer_token(code)
    with pytest.raises(AuthClientError) as again:
        app.get_bearer_token(code)
    assert refused(again.value) == (400, "invalid_grant")
    assert again.value.intuit_tid.startswith("1-")


def test_a_wrong_secret_is_told(intuit: Simulation) -> None:
    code = consent(app_of(intuit))["code"]
    with pytest.raises(AuthClientError) as wrong:
        app_of(intuit, secret="not-the-secret").get_bearer_token(code)
    assert refused(wrong.value) == (401, "invalid_client")


def test_a_refresh_within_the_day_keeps_the_refresh_token(intuit: Simulation) -> None:
    app = connected(intuit)
    before = (app.access_token, app.refresh_token)
    app.refresh()
    assert app.access_token != before[0]
    assert app.refresh_token == before[1]


def test_a_refresh_of_another_day_brings_a_new_token_and_the_old_one_is_dead(
    intuit: Simulation, switch: Callable[..., object]
) -> None:
    switch(refresh_rotation_seconds=0)
    app = connected(intuit)
    old = app.refresh_token
    app.refresh()
    assert app.refresh_token != old
    with pytest.raises(AuthClientError) as dead:
        app.refresh(refresh_token=old)
    assert refused(dead.value) == (400, "invalid_grant")


@pytest.mark.parametrize("which", ["refresh_token", "access_token"])
def test_revoking_either_token_ends_the_connection(intuit: Simulation, which: str) -> None:
    app = connected(intuit)
    assert app.revoke(token=getattr(app, which)) is True
    with pytest.raises(AuthClientError) as gone:
        app.refresh()
    assert refused(gone.value) == (400, "invalid_grant")


def test_revoking_what_is_revoked_is_refused(intuit: Simulation) -> None:
    app = connected(intuit)
    app.revoke()
    with pytest.raises(AuthClientError) as again:
        app.revoke()
    assert again.value.status_code == 400


@reads_id_tokens
def test_it_accepts_the_id_token_by_the_published_key(intuit: Simulation) -> None:
    """The package keeps an id_token only when issuer, audience, expiry and signature hold."""
    app = connected(intuit, *OPEN_ID)
    assert validate_id_token(app.id_token, app.client_id, app.issuer_uri, app.jwks_uri) is True


@reads_id_tokens
def test_it_refuses_an_id_token_that_was_changed(intuit: Simulation) -> None:
    app = connected(intuit, *OPEN_ID)
    head, claims, signature = app.id_token.split(".")
    forged = ".".join((head, claims, signature[:-8] + signature[-8:][::-1]))
    assert validate_id_token(forged, app.client_id, app.issuer_uri, app.jwks_uri) is False
    assert validate_id_token(app.id_token, "ANOTHER-APP", app.issuer_uri, app.jwks_uri) is False


@reads_id_tokens
def test_userinfo_tells_who_signed_in(intuit: Simulation) -> None:
    app = connected(intuit, *OPEN_ID)
    told = app.get_user_info().json()
    assert told.keys() == {
        "sub", "email", "emailVerified", "givenName", "familyName", "phoneNumber", "phoneNumberVerified", "address",
    }  # fmt: skip


def test_userinfo_without_openid_or_with_a_revoked_token_is_refused(intuit: Simulation) -> None:
    app = connected(intuit)
    with pytest.raises(AuthClientError) as closed:
        app.get_user_info()
    app.revoke()
    with pytest.raises(AuthClientError) as revoked:
        app.get_user_info()
    assert (closed.value.status_code, revoked.value.status_code) == (403, 401)
