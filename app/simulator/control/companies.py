"""Companies: connections, tokens, preferences, figures."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from flask import Response, request

from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.control.door import books, company, control, text_of
from app.simulator.doors import as_json, sent_object, world
from app.simulator.kinds.documents import write
from app.simulator.kinds.registry import KINDS
from app.simulator.oauth.keys import BY_CLIENT, BY_ENVIRONMENT, KeyPair

_SCOPE = "com.intuit.quickbooks.accounting"
_LONGEST_REALM = 20
_TOOL_TOKEN_SECONDS = 86400 * 365


@control.get("/companies")
def companies() -> Response:
    """All companies."""
    with world().lock:
        told = [
            {"realm": one.realm, "label": one.label, "name": one.name, "environment": one.environment,
             "api_base": f"{request.host_url}{one.environment}", "client_id": BY_ENVIRONMENT[one.environment].client_id,
             "connected": world().authority.is_connected(one.realm)}
            for one in world().companies.values()
        ]  # fmt: skip
    return as_json({"companies": told})


@control.post("/companies")
def found_company() -> Response:
    """One company more, with the lists of the first ones of its label (uk, us, multi)."""
    sent = sent_object()
    realm, environment = text_of(sent, "realm"), text_of(sent, "environment", "production")
    if not (realm.isdigit() and len(realm) <= _LONGEST_REALM) or environment not in BY_ENVIRONMENT:
        raise ValueError("realm must be digits, environment production or sandbox")
    with world().turn():
        name = text_of(sent, "name", f"Company {realm}")
        world().found(realm, environment, name, text_of(sent, "label", "uk"))
    return companies()


@control.get("/companies/<realm>/counts")
def counts(realm: str) -> Response:
    """How many records of each kind."""
    with world().lock:
        shelves = books(realm).shelves
        return as_json({
            name: {"live": len(shelf.facts), "deleted": len(shelf.tombstones)} for name, shelf in shelves.items()
        })  # fmt: skip


def _figures(found: Books, kind: str) -> Body:
    """Sums over what is live, in pounds with two decimals as strings; computed from the records themselves."""
    bodies = found.shelves[kind].all()
    numbers = Counter(str(body["DocNumber"]).casefold() for body in bodies if body.get("DocNumber"))
    taxes = (wire.money((body.get("TxnTaxDetail") or {}).get("TotalTax")) for body in bodies)
    return _standing(bodies) | {
        "count": len(bodies),
        "total": _pounds(_column(bodies, "TotalAmt")),
        "tax": _pounds(taxes),
        "balance": _pounds(_column(bodies, "Balance")),
        "unapplied": _pounds(_column(bodies, "UnappliedAmt")),
        "duplicates": sum(times - 1 for times in numbers.values()),
    }


def _column(bodies: list[Body], name: str) -> Iterable[Decimal]:
    return (wire.money(body.get(name)) for body in bodies)


def _standing(bodies: list[Body]) -> Body:
    """How many are paid, and how many in part; what is void counts as neither."""
    sold = list(zip(_column(bodies, "TotalAmt"), _column(bodies, "Balance"), strict=True))
    return {
        "paid": sum(1 for total, balance in sold if total and not balance),
        "partially_paid": sum(1 for total, balance in sold if Decimal(0) < balance < total),
    }


def _pounds(values: Iterable[Decimal]) -> str:
    return f"{sum(values, Decimal(0)):.2f}"


@control.get("/companies/<realm>/totals")
def totals(realm: str) -> Response:
    """Figures over all invoices, credit memos and payments."""
    with world().lock:
        return as_json({kind: _figures(books(realm), kind) for kind in ("Invoice", "CreditMemo", "Payment")})


@control.post("/companies/<realm>/token")
def mint_token(realm: str) -> Response:
    """An access token for other tools, good for a year."""
    found = company(realm)
    with world().turn():
        token = world().authority.mint(realm, found.environment, _TOOL_TOKEN_SECONDS)
    return as_json({
        "access_token": token, "token_type": "bearer", "expires_in": _TOOL_TOKEN_SECONDS, "realmId": realm,
        "api_base": f"{request.host_url}{found.environment}",
    })  # fmt: skip


def _pair(sent: Body, environment: str) -> KeyPair:
    pair = BY_CLIENT.get(text_of(sent, "client_id", BY_ENVIRONMENT[environment].client_id))
    if pair is None or pair.environment != environment:
        raise ValueError("client_id is not the key of this company's environment")
    return pair


@control.post("/companies/<realm>/authorize")
def authorize(realm: str) -> Response:
    """Consent without a browser: a code to bring to the callback, or the tokens at once."""
    found, sent = company(realm), sent_object()
    pair = _pair(sent, found.environment)
    with world().turn():
        if sent.get("tokens"):
            return as_json(world().authority.connect(pair, realm) | {"realmId": realm})
        redirect_uri = text_of(sent, "redirect_uri")
        code = world().authority.consent(pair.client_id, realm, redirect_uri, text_of(sent, "scope", _SCOPE))
    state = text_of(sent, "state")
    query = f"code={code}&state={state}&realmId={realm}"
    return as_json({"code": code, "realmId": realm, "state": state, "redirect": f"{redirect_uri}?{query}"})


@control.post("/companies/<realm>/disconnect")
def disconnect(realm: str) -> Response:
    """The user disconnects the app inside QuickBooks: tokens die, webhooks stop (§1.6)."""
    with world().turn():
        known = world().authority.disconnect(BY_ENVIRONMENT[company(realm).environment].client_id, realm)
    return as_json({"disconnected": known})


@control.post("/companies/<realm>/expire")
def expire(realm: str) -> Response:
    """Access tokens of the connection die now; the refresh token stays."""
    with world().turn():
        world().authority.expire_access(BY_ENVIRONMENT[company(realm).environment].client_id, realm)
    return as_json({"expired": "access"})


@control.post("/companies/<realm>/preferences")
def set_preferences(realm: str) -> Response:
    """Sections of Preferences laid over what is there. Here, unlike through the API, BookCloseDate may be set too."""
    found, sent = books(realm), sent_object()
    with world().turn():
        closing = _take_closing(sent)
        body = _edit(found, "Preferences", sent)
        if closing is not None:
            body = _close_books(found, body, closing)
    return as_json(body)


def _take_closing(sent: Body) -> str | None:
    section = sent.get("AccountingInfoPrefs")
    if not isinstance(section, dict) or "BookCloseDate" not in section:
        return None
    return str(section.pop("BookCloseDate") or "")


def _close_books(found: Books, body: Body, closing: str) -> Body:
    section = {name: value for name, value in body["AccountingInfoPrefs"].items() if name != "BookCloseDate"}
    kept = section | ({"BookCloseDate": closing} if closing else {})
    closed = found.touch(body | {"AccountingInfoPrefs": kept})
    found.put("Preferences", closed)
    found.announce("Preferences", "1", "Update")
    return closed


def _edit(found: Books, kind: str, sent: Body) -> Body:
    present = found.get(kind, "1") or {}
    return write(found, KINDS[kind], sent | {"Id": "1", "SyncToken": present["SyncToken"], "sparse": True}, "update")


@control.post("/companies/<realm>/subscription")
def subscription(realm: str) -> Response:
    """PAID, TRIAL or EXPIRED; an expired company is read-only (§3.1)."""
    status, found = text_of(sent_object(), "status"), books(realm)
    if status not in {"PAID", "TRIAL", "EXPIRED"}:
        raise ValueError("status must be PAID, TRIAL or EXPIRED")
    with world().turn():
        info = found.get("CompanyInfo", "1") or {}
        pairs = [one | ({"Value": status} if one["Name"] == "SubscriptionStatus" else {}) for one in info["NameValue"]]
        found.put("CompanyInfo", found.touch(info | {"NameValue": pairs}))
    return as_json({"status": status})
