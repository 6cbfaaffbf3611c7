"""The border of the room in tests: a line on which a test answers as Intuit would."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.quickbooks.ports import HttpAnswer, HttpRequest

API = "http://127.0.0.1:9"
TID = "1-65f1a2b3-0a1b2c3d4e5f60718293a4b5"
DISCOVERY = {
    "authorization_endpoint": "https://appcenter.intuit.com/connect/oauth2",
    "token_endpoint": "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
    "revocation_endpoint": "https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
}

Said = HttpAnswer | Exception


def answer(body: Any, status: int = 200, **headers: str) -> HttpAnswer:
    """What comes back: JSON of a value, or the very text."""
    raw = body if isinstance(body, str) else json.dumps(body)
    told = {"Intuit-Tid": TID, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return HttpAnswer(status, told, raw.encode(), seconds=0.25)


def tokens(access: str, refresh: str) -> HttpAnswer:
    """A good answer of the token server."""
    return answer(
        {
            "token_type": "bearer",
            "access_token": access,
            "expires_in": 3600,
            "refresh_token": refresh,
            "x_refresh_token_expires_in": 8726400,
        }
    )


@dataclass
class Intuit:
    """Answers calls in the order a test laid the answers down, and keeps what was asked."""

    answers: list[Said] = field(default_factory=list)
    token_answers: list[Said] = field(default_factory=list)
    asked: list[HttpRequest] = field(default_factory=list)
    granted: list[HttpRequest] = field(default_factory=list)
    on_call: Callable[[HttpRequest], None] = lambda _request: None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Give the next answer."""
        self.on_call(request)
        with self._lock:
            said = self._next(request)
        if isinstance(said, Exception):
            raise said
        return said

    def _next(self, request: HttpRequest) -> Said:
        if "configuration" in request.url:
            return answer(DISCOVERY)
        if "/oauth2/" in request.url:
            self.granted.append(request)
            # Each refresh gives new tokens unless the test said otherwise.
            number = len(self.granted)
            return self.token_answers.pop(0) if self.token_answers else tokens(f"access-{number}", f"refresh-{number}")
        self.asked.append(request)
        return self.answers.pop(0)

    @property
    def last(self) -> HttpRequest:
        """The last call of the Accounting API."""
        return self.asked[-1]

    def parameters(self) -> dict[str, str]:
        """The parameters of the last call."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.last.url).query).items()}
