"""Olivia's desk: the settings of QuickBooks as she walks through them, with the simulator's consent page behind."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.foundation.database import db
from app.foundation.tenancy import current_organisation
from app.quickbooks.models import Connection, ConnectionState
from app.sync.company import connecting
from app.sync.engine import Engine
from app.sync.records.links import Link
from app.sync.telling.drain import drain
from tests.billing.firm import Firm
from tests.portal import csrf_token
from tests.simulation import REALM, Simulation

HOME = "/settings/quickbooks"
_COUNTS = re.compile(r'id="count-(\w+)"[^>]*>(\d+)<')


def counts(page: str) -> dict[str, int]:
    """What the tabs of a bench count, on a page or beside a row that changed; {tab: rows}."""
    return {tab: int(number) for tab, number in _COUNTS.findall(page)}


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        """Follow nothing: the address is what the test wants."""


@dataclass
class Desk:
    """One person's browser, and what lies around it."""

    firm: Firm
    engine: Engine
    simulation: Simulation
    browser: FlaskClient

    def get(self, path: str = "", *, fragment: bool = False) -> TestResponse:
        """A page of the room, or what htmx is answered."""
        return self.browser.get(HOME + path, headers={"HX-Request": "true"} if fragment else {})

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send a form as a page does."""
        return self._send(path, fields, {})

    def swap(self, path: str, **fields: Any) -> TestResponse:
        """Send a form as htmx does."""
        return self._send(path, fields, {"HX-Request": "true"})

    def _send(self, path: str, fields: Mapping[str, Any], headers: Mapping[str, str]) -> TestResponse:
        token = csrf_token(self.browser.get("/account").text)
        return self.browser.post(HOME + path, data={"csrf_token": token, **fields}, headers=dict(headers))

    def state(self) -> str:
        """Choose Connect; the state that went to Intuit."""
        return parse_qs(urlsplit(self.get("/connect").location).query)["state"][0]

    def consent(self, answer: str = "connect", realm: str = REALM) -> str:
        """Choose Connect and answer on Intuit's page; the address to which Intuit sends back."""
        asked = parse_qs(urlsplit(self.get("/connect").location).query)
        form = {name: values[0] for name, values in asked.items()} | {"answer": answer, "realm": realm}
        return self.sent_back(form)

    def sent_back(self, form: Mapping[str, str]) -> str:
        """Send Intuit's consent page; path and query of where it redirects to."""
        opener = urllib.request.build_opener(_StayHere)
        try:
            opener.open(f"{self.simulation.base}/connect/oauth2", urlencode(form).encode())
        except urllib.error.HTTPError as redirected:
            address = urlsplit(redirected.headers["Location"])
            redirected.close()
            return f"{address.path}?{address.query}"
        raise AssertionError("the consent page did not redirect")

    def connect(self, realm: str = REALM) -> None:
        """Connect and accept the company."""
        self.browser.get(self.consent(realm=realm))
        assert self.post("/company", answer="use").status_code == 303

    @property
    def connection(self) -> Connection:
        """The connected company, read anew."""
        db.session.rollback()
        found = connecting.connected(self.firm.entity)
        assert found is not None
        return found

    def states(self) -> list[ConnectionState]:
        """The states of all connections there ever were."""
        db.session.rollback()
        return list(db.session.scalars(select(Connection.state).order_by(Connection.id)))

    def send(self) -> None:
        """Do what the worker does: tell QuickBooks all that is due."""
        db.session.rollback()
        while drain(self.engine, current_organisation(), self.firm.entity.lane):
            pass

    def told(self, kind: str = "invoice") -> int:
        """How many documents of ours are in QuickBooks."""
        db.session.rollback()
        return int(db.session.scalar(select(func.count(Link.id)).where(Link.kind == kind)) or 0)

    def there(self, kind: str = "Invoice") -> int:
        """How many there are in the simulator's own books."""
        return int(self.simulation.look(f"companies/{REALM}/counts")[kind]["live"])
