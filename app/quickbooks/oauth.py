"""Permission: where to send the person, and how codes and refresh tokens become tokens. Nothing is stored here.

Addresses come from Intuit's discovery document. A code or refresh token that Intuit no longer takes is
ReconnectNeeded; a silent token server is TryLater, for the call that needed the token was not sent.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri

from app.foundation import clock
from app.foundation.sealing import Secret
from app.quickbooks import line, masking, wire
from app.quickbooks.apps import AppKeys
from app.quickbooks.errors import (
    AppKeysRefused,
    Evidence,
    NotSent,
    QuickBooksError,
    ReconnectNeeded,
    TryLater,
    UnknownOutcome,
)
from app.quickbooks.ports import Http, HttpAnswer, HttpRequest
from app.quickbooks.refused_keys import RefusedKeys

SCOPE = "com.intuit.quickbooks.accounting"
_TIMEOUT_SECONDS = 20.0
_DISCOVERY_SECONDS = 86_400.0
_REFRESH_TOKEN_SECONDS = 8_640_000
"""100 days, where an answer does not say."""
_TELL_HARD_END = {"x-include-refresh-token-hard-expires-in": "true"}
"""Without it the answer does not say when the five years are over (reference 1.3)."""
_KEYS_REFUSED = frozenset({"invalid_client", "unauthorized_client"})


@dataclass(frozen=True)
class Grant:
    """What the token server gave: the tokens and how many seconds each lives.

    `hard_seconds` are left until the permission ends for good, however often it is refreshed; None where not told.
    """

    access_token: Secret
    access_seconds: int
    refresh_token: Secret
    refresh_seconds: int
    hard_seconds: int | None = None


@dataclass(frozen=True)
class Places:
    """The addresses of the discovery document."""

    authorization: str
    token: str
    revocation: str


class OAuth:
    """Intuit's OAuth, for any app."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._places: dict[str, tuple[float, Places]] = {}
        self._refused = RefusedKeys()

    def authorization_url(self, keys: AppKeys, redirect_uri: str, state: str) -> str:
        """Where the person is sent. `redirect_uri` must be registered with Intuit to the letter."""
        url = prepare_grant_uri(
            self.places(keys.discovery_url).authorization,
            client_id=keys.client_id,
            response_type="code",
            redirect_uri=redirect_uri,
            scope=SCOPE,
            state=state,
        )
        return str(url)

    def exchange(self, keys: AppKeys, code: str, redirect_uri: str) -> Grant:
        """Tokens for a code. A code works once; raises ReconnectNeeded when it is spent or too old."""
        return self._grant(keys, grant_type="authorization_code", code=code, redirect_uri=redirect_uri)

    def refresh(self, keys: AppKeys, refresh_token: Secret) -> Grant:
        """New tokens. The refresh token in the answer may be the same (within about a day) and is always to be kept.

        Two refreshes at once may cost the connection: call it under the connection's refresh lease only. Raises
        AppKeysRefused without asking while keys that were refused have to rest.
        """
        self._refused.check(keys)
        return self._grant(keys, grant_type="refresh_token", refresh_token=refresh_token.value)

    def revoke(self, keys: AppKeys, token: Secret) -> None:
        """Give the permission back; a token that Intuit no longer knows is as good as revoked."""
        body = wire.encode({"token": token.value})
        url = self.places(keys.discovery_url).revocation
        answer = self._post(keys, url, body, content_type="application/json")
        if answer.status not in {200, 204, 400}:
            raise _trouble(answer)

    def places(self, discovery_url: str) -> Places:
        """The addresses, read once a day; while the document cannot be read, the last ones are used."""
        read_at, places = self._places.get(discovery_url, (0.0, None))
        if places is not None and clock.monotonic() - read_at < _DISCOVERY_SECONDS:
            return places
        try:
            places = self._discover(discovery_url)
        except QuickBooksError:
            if places is None:
                raise
        self._places[discovery_url] = (clock.monotonic(), places)
        return places

    def _discover(self, url: str) -> Places:
        headers = {"Accept": "application/json"}
        answer = self._send(HttpRequest("GET", url, headers, b"", timeout_seconds=_TIMEOUT_SECONDS))
        document = _json(answer)
        try:
            return Places(
                document["authorization_endpoint"], document["token_endpoint"], document["revocation_endpoint"]
            )
        except KeyError as missing:
            raise TryLater("Intuit's discovery document could not be read", _evidence(answer)) from missing

    def _grant(self, keys: AppKeys, **parameters: str) -> Grant:
        url = self.places(keys.discovery_url).token
        body = urlencode(parameters, quote_via=quote).encode()
        answer = self._post(keys, url, body, content_type="application/x-www-form-urlencoded", **_TELL_HARD_END)
        if answer.status != 200:
            trouble = _trouble(answer)
            if isinstance(trouble, AppKeysRefused):
                self._refused.note(keys, trouble)
            raise trouble
        self._refused.forget(keys)
        given = _json(answer)
        try:
            return Grant(
                Secret(given["access_token"]),
                access_seconds=int(given["expires_in"]),
                refresh_token=Secret(given["refresh_token"]),
                refresh_seconds=int(given.get("x_refresh_token_expires_in") or _REFRESH_TOKEN_SECONDS),
                hard_seconds=int(hard) if (hard := given.get("x_refresh_token_hard_expires_in")) else None,
            )
        except (KeyError, ValueError) as problem:
            raise TryLater("Intuit's token answer could not be read") from problem

    def _post(self, keys: AppKeys, url: str, body: bytes, *, content_type: str, **more: str) -> HttpAnswer:
        pair = f"{keys.client_id}:{keys.client_secret.value}".encode()
        headers = {
            "Accept": "application/json",
            "Authorization": "Basic " + base64.b64encode(pair).decode(),
            "Content-Type": content_type,
            **more,
        }
        return self._send(HttpRequest("POST", url, headers, body, timeout_seconds=_TIMEOUT_SECONDS))

    def _send(self, request: HttpRequest) -> HttpAnswer:
        try:
            return line.send(self._http, request)
        except (NotSent, UnknownOutcome) as trouble:
            raise TryLater("Intuit's sign-in service could not be reached", trouble.evidence) from trouble


def _trouble(answer: HttpAnswer) -> QuickBooksError:
    """OAuth answers have a shape of their own: {"error": "invalid_grant"}."""
    try:
        complaint = _json(answer)
    except TryLater as unreadable:
        return unreadable
    error, evidence = str(complaint.get("error") or ""), _evidence(answer, complaint)
    if error == "invalid_grant":
        return ReconnectNeeded(evidence=evidence)
    if error in _KEYS_REFUSED or answer.status == 401:
        return AppKeysRefused(evidence=evidence)
    return TryLater("Intuit's sign-in service did not do it", evidence)


def _json(answer: HttpAnswer) -> dict[str, Any]:
    try:
        value = wire.decode(answer.body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise TryLater("Intuit's sign-in service gave no readable answer", _evidence(answer))
    return value


def _evidence(answer: HttpAnswer, complaint: dict[str, Any] | None = None) -> Evidence:
    said = complaint or {}
    return Evidence(
        http_status=answer.status,
        code=str(said.get("error") or ""),
        detail=str(said.get("error_description") or ""),
        tid=answer.tid,
        seconds=answer.seconds,
        excerpt=masking.excerpt(answer.body),
    )
