"""OpenID (§1.1, §1.3): who signs in, told in signed tokens and by userinfo."""

from joserfc import jwt
from joserfc.jwk import KeySet

from tests.simulator.client import NORTHGATE, Body, Client, decoded
from tests.simulator.oauth import test_tokens as tokens


def verified(app: Client, token: str) -> Body:
    """The claims of an id_token whose signature holds."""
    found = decoded(app.http.get("/op/v1/jwks"))
    return dict(jwt.decode(token, KeySet.import_key_set({"keys": found["keys"]})).claims)


def test_openid_brings_a_signed_token_that_names_the_company(app: Client) -> None:
    code = tokens.consent(app, scope="com.intuit.quickbooks.accounting openid email")["code"]
    granted = decoded(tokens.ask(app, grant_type="authorization_code", code=code, redirect_uri=tokens.CALLBACK))
    claims = verified(app, granted["id_token"])
    assert (claims["aud"], claims["realmid"]) == ([tokens.KEYS[0]], NORTHGATE)
    assert claims["iss"] == decoded(app.http.get("/.well-known/openid_configuration"))["issuer"]


def test_the_person_is_told_as_far_as_the_scopes_go(app: Client) -> None:
    code = tokens.consent(app, scope="openid email")["code"]
    granted = decoded(tokens.ask(app, grant_type="authorization_code", code=code, redirect_uri=tokens.CALLBACK))
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    assert decoded(app.http.get("/v1/openid_connect/userinfo", headers=headers)).keys() == {
        "sub", "email", "emailVerified",
    }  # fmt: skip
