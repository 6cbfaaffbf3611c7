"""OAuth's addresses (§1.1): discovery, consent page, token, revocation, user, keys."""

import base64
import binascii
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.simulator.api.answers import dressed, new_tid
from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.wire import Unreadable
from app.simulator.doors import METHODS, as_json, world
from app.simulator.mischief import Call
from app.simulator.oauth.authority import HARD_SECONDS, GrantRefused
from app.simulator.oauth.keys import BY_CLIENT, KeyPair
from app.simulator.server import SEVER

oauth = Blueprint("oauth", __name__)
SCOPES = frozenset({
    "com.intuit.quickbooks.accounting", "com.intuit.quickbooks.payment", "openid", "profile", "email", "phone",
    "address",
})  # fmt: skip


def _discovery(userinfo: str) -> Response:
    here = request.host_url.rstrip("/")
    return as_json({
        "issuer": f"{here}/op/v1",
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


@oauth.get("/op/v1/jwks")
def jwks() -> Response:
    """No id_token is issued yet, so there is no key to show."""
    return as_json({"keys": []})


@oauth.get("/v1/openid_connect/userinfo")
@oauth.get("/sandbox-accounts/v1/openid_connect/userinfo")
def userinfo() -> Response:
    """The one person who signs in here."""
    token = request.headers.get("Authorization", "").partition(" ")[2]
    if world().authority.look_up(token) is None:
        return as_json({"error": "invalid_token"}, 401)
    return as_json({
        "sub": "b053d994-07d5-468d-b7ee-22e349d2e739", "email": "sam.bookkeeper@northgate.example",
        "emailVerified": True, "givenName": "Sam", "familyName": "Bookkeeper",
    })  # fmt: skip


def _acceptable(redirect_uri: str) -> bool:
    """Https anywhere, plain http only to this machine (§1.2)."""
    parts = urlsplit(redirect_uri)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"})


def _fault_in(asked: dict[str, str]) -> str:
    """Why a consent page cannot be shown, "" when it can."""
    if asked.get("client_id") not in BY_CLIENT:
        return "The client_id is not one of this simulator's key pairs."
    if not _acceptable(asked.get("redirect_uri", "")):
        return "The redirect_uri must be https, or http to localhost or 127.0.0.1."
    if asked.get("response_type") != "code":
        return "response_type must be code."
    return ""


def _back(asked: dict[str, str], **answer: str) -> AnyResponse:
    state = {"state": asked["state"]} if asked.get("state") else {}
    mark = "&" if "?" in asked["redirect_uri"] else "?"
    return redirect(f"{asked['redirect_uri']}{mark}{urlencode(answer | state)}", 302)


def _shown(page: str) -> Response:
    """The consent page may send its form on to the app, or the browser would stop the redirect."""
    parts = urlsplit(request.args.get("redirect_uri", ""))
    target = f"{parts.scheme}://{parts.netloc}" if _acceptable(parts.geturl()) and parts.netloc.isascii() else ""
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers["X-Form-Target"] = target
    return response


@oauth.get("/connect/oauth2")
def consent() -> AnyResponse:
    """The page where a person picks a company, or cancels."""
    asked = request.args.to_dict()
    fault = _fault_in(asked)
    if fault:
        return Response(render_template("consent_fault.html", fault=fault), 400, content_type="text/html")
    if not set(asked.get("scope", "").split()) <= SCOPES or not asked.get("scope"):
        return _back(asked, error="invalid_scope")
    pair = BY_CLIENT[asked["client_id"]]
    companies = [one for one in world().companies.values() if one.environment == pair.environment]
    return _shown(render_template("consent.html", asked=asked, companies=companies, environment=pair.environment))


@oauth.post("/connect/oauth2")
def decide() -> AnyResponse:
    """The person's answer: a code and the realm, or access_denied (§1.2)."""
    asked = request.form.to_dict()
    fault = _fault_in(asked)
    if fault:
        return Response(render_template("consent_fault.html", fault=fault), 400, content_type="text/html")
    company = world().companies.get(asked.get("realm", ""))
    if asked.get("answer") != "connect":
        return _back(asked, error="access_denied")
    if company is None or company.environment != BY_CLIENT[asked["client_id"]].environment:
        fault = "This company is not one of that environment."
        return Response(render_template("consent_fault.html", fault=fault), 400, content_type="text/html")
    with world().turn():
        code = world().authority.consent(asked["client_id"], company.realm, asked["redirect_uri"], asked["scope"])
    return _back(asked, code=code, realmId=company.realm)


def _client() -> KeyPair:
    """Basic authentication or the form's own fields (§1.3). Raises invalid_client."""
    client_id, secret = request.form.get("client_id", ""), request.form.get("client_secret", "")
    header = request.headers.get("Authorization", "")
    if header.lower().startswith("basic "):
        try:
            client_id, _, secret = base64.b64decode(header[6:], validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            client_id = ""
    pair = BY_CLIENT.get(client_id)
    if pair is None or secret != pair.client_secret:
        raise GrantRefused("invalid_client", status=401)
    return pair


def _granted() -> wire.Body:
    form = request.form
    pair = _client()
    grant = form.get("grant_type", "")
    if grant == "authorization_code" and form.get("code"):
        return world().authority.exchange(pair, form["code"], form.get("redirect_uri", ""))
    if grant == "refresh_token" and form.get("refresh_token"):
        return world().authority.refresh(pair, form["refresh_token"])
    known = grant in {"authorization_code", "refresh_token", ""}
    raise GrantRefused("invalid_request" if known else "unsupported_grant_type")


def _refusal(refused: GrantRefused) -> Response:
    description = {"error_description": refused.description} if refused.description else {}
    return as_json({"error": refused.error} | description, refused.status)


@oauth.route("/oauth2/v1/tokens/bearer", methods=METHODS)
def token() -> Response:
    """Codes and refresh tokens for access tokens (§1.3); errors are OAuth's own, never a Fault (§1.5)."""
    with world().turn():
        order = world().mischief.strike(Call(request.method, "token", request.form.get("grant_type", ""), ""))
        if order and order["effect"] in {"server_error", "throttle", "html_502", "lost_before"}:
            return _spoilt(str(order["effect"]))
        if order and order["effect"] == "fault":
            return as_json({"error": order.get("code", "invalid_grant")}, int(order.get("status", 400)))
        if request.method != "POST":
            return as_json({"error": "invalid_request"}, 400)
        try:
            response = as_json(_granted())
        except GrantRefused as refused:
            response = _refusal(refused)
        if order and order["effect"] in _CUTS:
            response.headers[SEVER] = _CUTS[order["effect"]]
        if order and order["effect"] == "garbage":
            return Response("<html>Your session", 200, content_type="text/html")
    return _token_dress(response)


_CUTS = {"lost_after": "lost", "half_answer": "half"}


def _spoilt(effect: str) -> Response:
    statuses = {"server_error": 500, "throttle": 429, "html_502": 502}
    response = Response("", statuses.get(effect, 503), content_type="text/html")
    if effect == "lost_before":
        response.headers[SEVER] = "lost"
    return response


def _token_dress(response: Response) -> Response:
    """Headers as recorded (§1.3); the hard end of the connection only when asked for."""
    body = response.get_json()
    if request.headers.get("x-include-refresh-token-hard-expires-in") == "true" and "refresh_token" in body:
        response.set_data(wire.encode(body | {"x_refresh_token_hard_expires_in": HARD_SECONDS}))
    response.content_type = "application/json;charset=utf-8"
    dressed(response, new_tid(world().clock.now()))
    response.headers["Cache-Control"] = "no-cache, no-store"
    response.headers["Pragma"] = "no-cache"
    return response


@oauth.post("/v2/oauth2/tokens/revoke")
def revoke() -> Response:
    """Either token, as JSON or as a form; 200 with an empty body, 400 for an unknown one (§1.6)."""
    with world().turn():
        try:
            known = world().authority.revoke(_client(), _token_to_revoke())
        except GrantRefused as refused:
            return _refusal(refused)
    return Response("", 200) if known else as_json({"error": "invalid_request"}, 400)


def _token_to_revoke() -> str:
    if "token" in request.form:
        return request.form["token"]
    try:
        value = wire.decode(request.get_data())
    except Unreadable:
        return ""
    return str(value.get("token", "")) if isinstance(value, dict) else ""
