"""OAuth's addresses that only tell (§1.1): discovery, keys, the person behind a token."""

from flask import Response, request

from app.simulator.doors import as_json, world
from app.simulator.oauth.door import oauth
from app.simulator.oauth.identity import person


def _discovery(userinfo: str) -> Response:
    here = request.host_url.rstrip("/")
    return as_json({
        "issuer": issuer(),
        "authorization_endpoint": f"{here}/connect/oauth2",
        "token_endpoint": f"{here}/oauth2/v1/tokens/bearer",
        "userinfo_endpoint": f"{here}{userinfo}",
        "revocation_endpoint": f"{here}/v2/oauth2/tokens/revoke",
        "jwks_uri": f"{here}/op/v1/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile", "address", "phone"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
    })  # fmt: skip


@oauth.get("/.well-known/openid_configuration", strict_slashes=False)
def production_discovery() -> Response:
    """The discovery document of production; only the userinfo address differs (§1.1)."""
    return _discovery("/v1/openid_connect/userinfo")


@oauth.get("/.well-known/openid_sandbox_configuration", strict_slashes=False)
def sandbox_discovery() -> Response:
    """The discovery document of the sandbox."""
    return _discovery("/sandbox-accounts/v1/openid_connect/userinfo")


def issuer() -> str:
    """Who signs id_tokens."""
    return f"{request.host_url.rstrip('/')}/op/v1"


@oauth.get("/op/v1/jwks")
def jwks() -> Response:
    """The public key of the issuer."""
    with world().turn():
        return as_json(world().signer.keys())


@oauth.get("/v1/openid_connect/userinfo")
@oauth.get("/sandbox-accounts/v1/openid_connect/userinfo")
def userinfo() -> Response:
    """The one person who signs in here, as far as the token's scopes go."""
    token = request.headers.get("Authorization", "").partition(" ")[2]
    with world().lock:
        paper = world().authority.look_up(token)
    if paper is None:
        return as_json({"error": "invalid_token"}, 401)
    known = person(paper["scope"])
    return as_json(known) if known else as_json({"error": "insufficient_scope"}, 403)
