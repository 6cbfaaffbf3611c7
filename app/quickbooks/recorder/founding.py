"""A company to play a tape to: founded afresh in a running simulator, by its control API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.quickbooks import wire
from app.quickbooks.ports import Http, HttpRequest
from app.quickbooks.recorder.playing import Place

_SECONDS = 20.0
_REST_SECONDS = 0.15
"""Between two calls: a simulator keeps Intuit's limits too, of ten calls a second."""


def found_place(http: Http, address: str, *, realm: str, label: str) -> Place:
    """A company `realm` on its first day, like the simulator's own of this label: uk, us or multi.

    Raises ValueError when no simulator answers there; NotSentError or UnknownOutcomeError when nobody does.
    """
    control = address.rstrip("/") + "/_simulator/companies"
    _told(http, control, {"realm": realm, "environment": "sandbox", "label": label, "name": f"Compared {realm}"})
    granted = _told(http, f"{control}/{realm}/token", {})
    return Place(f"{granted['api_base']}/v3/company/{realm}", str(granted["access_token"]), _REST_SECONDS)


def _told(http: Http, address: str, body: Mapping[str, str]) -> Mapping[str, Any]:
    sent = HttpRequest("POST", address, {"Content-Type": "application/json"}, wire.encode(body), _SECONDS)
    answer = http.send(sent)
    told = wire.decode(answer.body) if answer.status in {200, 201} else None
    if isinstance(told, dict):
        return told
    raise ValueError(f"no simulator answered at {address}: status {answer.status}")
