"""OAuth's addresses (§1.1): discovery, consent page, token, revocation, user, keys."""

import base64
from urllib.parse import urlencode, urlsplit

from flask import Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.simulator.api.answers import dressed, new_tid
from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.wire import Unreadable
from app.simulator.doors import METHODS, as_json, world
from app.simulator.mischief import Call
from app.simulator.oauth import discovery
from app.simulator.oauth.authority import ACCOUNTING, GrantRefused
from app.simulator.oauth.door import oauth
from app.simulator.oauth.keys import BY_CLIENT, KeyPair
from app.simulator.server import SEVER

SCOPES = frozenset({
    ACCOUNTING, "com.intuit.quickbooks.payment", "openid", "profile", "email", "phone", "address",
    "indirect-tax.tax-calculation.quickbooks", "app-foundations.custom-field-definitions",
    "app-foundations.custom-field-definitions.read", "project-management.project", "payroll.compensation.read",
    "time-tracking.time-entry",
})  # fmt: skip


def _fault_in(asked: dict[str, str]) -> str:
    """Why a consent page cannot be shown, "" when it can."""
    if asked.get("client_id") not in BY_CLIENT:
        return "The client_id is not one of this simulator's key pairs."
    if wrong := world().redirects.fault(asked.get("redirect_uri", ""), BY_CLIENT[asked["client_id"]].environment):
        return wrong
    if asked.get("response_type") != "code":
        return "response_type must be code."
    if world().switches["consenting_person"] != "administrator":
        return "Only an administrator of a company can connect an app to it."
    return ""


def _back(asked: dict[str, str], **answer: str) -> AnyResponse:
    state = {"state": asked["state"]} if asked.get("state") else {}
    mark = "&" if "?" in asked["redirect_uri"] else "?"
    return redirect(f"{asked['redirect_uri']}{mark}{urlencode(answer | state)}", 302)


def _shown(page: str) -> Response:
    """The consent page may send its form on to the app, or the browser would stop the redirect."""
    parts = urlsplit(request.args.get("redirect_uri", ""))
    is_safe = world().redirects.has_form(parts.geturl()) and parts.netloc.isascii()
    target = f"{parts.scheme}://{parts.netloc}" if is_safe else ""
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
    scope = asked.get("scope", "")
    with world().turn():
        code = world().authority.consent(asked["client_id"], company.realm, asked["redirect_uri"], scope)
    return _back(asked, code=code, realmId=company.realm)


def _client() -> KeyPair:
    """Basic authentication or the form's own fields (§1.3). Raises invalid_client."""
    client_id, secret = request.form.get("client_id", ""), request.form.get("client_secret", "")
    header = request.headers.get("Authorization", "")
    if header.lower().startswith("basic "):
        try:
            client_id, _, secret = base64.b64decode(header[6:], validate=True).decode().partition(":")
        except ValueError:  # no base64, or no text in it
            client_id = ""
    pair = BY_CLIENT.get(client_id)
    if pair is None or secret != pair.client_secret:
        raise GrantRefused("invalid_client", status=401)
    return pair


def _granted(*, alone: bool) -> wire.Body:
    form = request.form
    pair = _client()
    grant = form.get("grant_type", "")
    if grant == "authorization_code" and form.get("code"):
        return world().authority.exchange(pair, form["code"], form.get("redirect_uri", ""))
    if grant == "refresh_token" and form.get("refresh_token"):
        return world().authority.refresh(pair, form["refresh_token"], alone=alone)
    known = grant in {"authorization_code", "refresh_token", ""}
    raise GrantRefused("invalid_request" if known else "unsupported_grant_type")


def _refusal(refused: GrantRefused) -> Response:
    description = {"error_description": refused.description} if refused.description else {}
    return as_json({"error": refused.error} | description, refused.status)


@oauth.route("/oauth2/v1/tokens/bearer", methods=METHODS)
def token() -> Response:
    """Codes and refresh tokens for access tokens (§1.3); errors are OAuth's own, never a Fault (§1.5)."""
    with world().authority.using(request.form.get("refresh_token", "")) as alone:
        return _token_answer(alone=alone)


def _token_answer(*, alone: bool) -> Response:
    with world().turn():
        order = world().mischief.strike(Call(request.method, "token", request.form.get("grant_type", ""), "")) or {}
        spoilt = _spoilt(order)
        if spoilt is not None:
            return spoilt
        if request.method != "POST":
            return as_json({"error": "invalid_request"}, 400)
        response = _granted_or_refused(alone=alone)
    return _after_the_work(order, response)


def _granted_or_refused(*, alone: bool) -> Response:
    try:
        return as_json(_completed(_granted(alone=alone)))
    except GrantRefused as refused:
        return _refusal(refused)


def _after_the_work(order: wire.Body, response: Response) -> Response:
    """The answer, or what an ordered fault leaves of it."""
    effect = str(order.get("effect", ""))
    if effect == "garbage":
        return Response("<html>Your session", 200, content_type="text/html")
    if effect in _CUTS:
        response.headers[SEVER] = _CUTS[effect]
    return _token_dress(response)


_CUTS = {"lost_after": "lost", "half_answer": "half"}


_SPOILS = {"server_error": 500, "throttle": 429, "html_502": 502, "lost_before": 503}


def _spoilt(order: wire.Body) -> Response | None:
    """The answer of a fault that keeps the work from being done."""
    effect = str(order.get("effect", ""))
    if effect == "fault":
        return as_json({"error": order.get("code", "invalid_grant")}, int(order.get("status", 400)))
    if effect not in _SPOILS:
        return None
    response = Response("", _SPOILS[effect], content_type="text/html")
    if effect == "lost_before":
        response.headers[SEVER] = "lost"
    return response


def _completed(body: wire.Body) -> wire.Body:
    """With an id_token where openid was asked for, and the hard end of the connection where a header asks (§1.3)."""
    connection = world().authority.holder(str(body["refresh_token"])) or {}
    if "openid" in str(connection.get("scope", "")).split():
        now = world().clock.now()
        body = body | {"id_token": world().signer.id_token(connection, discovery.issuer(), now)}
    if request.headers.get("x-include-refresh-token-hard-expires-in") == "true" and connection:
        body = body | {"x_refresh_token_hard_expires_in": world().authority.hard_seconds(connection)}
    return body


def _token_dress(response: Response) -> Response:
    """Headers as recorded (§1.3)."""
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


__all__ = ["oauth"]
