"""Codes, connections and tokens (§1.2 to §1.6). Decides; `views.py` puts it into HTTP."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from app.simulator.bookkeeping.clock import SimulatorClock
from app.simulator.bookkeeping.drawers import Drawer
from app.simulator.bookkeeping.store import Store
from app.simulator.bookkeeping.switches import SwitchBoard
from app.simulator.bookkeeping.wire import Body
from app.simulator.oauth.keys import KeyPair

REFRESH_SECONDS = 8726400
HARD_SECONDS = 157680000
ACCOUNTING = "com.intuit.quickbooks.accounting"
_CODE_SECONDS = 600
_MOST_ACCESS_TOKENS = 2000
REJECTED = "Incorrect or invalid refresh token"


class GrantRefused(Exception):  # noqa: N818 - an answer, not a mistake
    """The token endpoint says no; the error word of §1.5 and, where recorded, a description."""

    def __init__(self, error: str, description: str = "", status: int = 400) -> None:
        super().__init__(description or error)
        self.error, self.description, self.status = error, description, status


class Authority:
    """A connection is one client and one realm; a new consent replaces the earlier one (§1.2, inferred)."""

    def __init__(self, store: Store, clock: SimulatorClock, switches: SwitchBoard) -> None:
        self._clock, self._switches = clock, switches
        self._codes = Drawer(store, "codes")
        self._connections = Drawer(store, "connections")
        self._tokens = Drawer(store, "access_tokens")
        self.drawers = (self._codes, self._connections, self._tokens)
        self._in_use: set[str] = set()
        self._gate = threading.Lock()

    @contextmanager
    def using(self, value: str) -> Iterator[bool]:
        """Hold a refresh token from the arrival of a call to its answer; False when another call holds it already.

        Of two refreshes at the same time the second is refused (§1.4). Needs no lock of the caller's.
        """
        with self._gate:
            alone = not value or value not in self._in_use
            self._in_use.add(value)
        try:
            yield alone
        finally:
            if alone:
                self._in_use.discard(value)

    def consent(self, client_id: str, realm: str, redirect_uri: str, scope: str) -> str:
        """A person said yes: the code to hand back, good once and for ten minutes."""
        code = f"XAB1{secrets.token_hex(18)}"
        until = (self._clock.now() + timedelta(seconds=_CODE_SECONDS)).isoformat()
        self._codes.put(code, {
            "client": client_id, "realm": realm, "redirect_uri": redirect_uri, "scope": scope, "until": until,
        })  # fmt: skip
        return code

    def exchange(self, pair: KeyPair, code: str, redirect_uri: str) -> Body:
        """A code for tokens. Raises `GrantRefused` for one that is used, old, another client's or another address'."""
        paper = self._codes.get(code)
        if paper is None or paper["client"] != pair.client_id or self._clock.now().isoformat() > paper["until"]:
            raise GrantRefused("invalid_grant")
        if paper.get("used"):
            self._suspect(pair, paper["realm"])
            raise GrantRefused("invalid_grant")
        self._codes.put(code, paper | {"used": True})
        if paper["redirect_uri"] != redirect_uri:
            raise GrantRefused("invalid_grant")
        return self.connect(pair, paper["realm"], paper["scope"])

    def _suspect(self, pair: KeyPair, realm: str) -> None:
        """What is used twice may cost the whole connection (§1.4, a switch)."""
        if self._switches["reused_refresh_revokes"]:
            self.disconnect(pair.client_id, realm)

    def connect(self, pair: KeyPair, realm: str, scope: str = ACCOUNTING) -> Body:
        """Tie a client to a company and hand out the first pair of tokens."""
        self.disconnect(pair.client_id, realm)
        now = self._clock.now()
        connection: Body = {
            "client": pair.client_id, "environment": pair.environment, "realm": realm, "scope": scope,
            "refresh": self._new_refresh(now), "rotated": now.isoformat(), "until": _later(now, REFRESH_SECONDS),
            "hard_until": _later(now, HARD_SECONDS), "old": {},
        }  # fmt: skip
        self._connections.put(f"{pair.client_id}/{realm}", connection)
        return self._answer(connection)

    def _new_refresh(self, now: datetime) -> str:
        return f"RT1-39-H0-{int(now.timestamp())}{secrets.token_hex(12)}"

    def refresh(self, pair: KeyPair, value: str, *, alone: bool = True) -> Body:
        """A refresh token for an access token (§1.4). Raises `GrantRefused` with invalid_grant.

        Not `alone`: another call with the same token is on its way.
        """
        name, connection = self._connection_of(pair, value)
        if not alone:
            self._suspect(pair, connection["realm"])
            raise GrantRefused("invalid_grant", REJECTED)
        now = self._clock.now()
        if now.isoformat() > min(connection["until"], connection["hard_until"]):
            raise GrantRefused("invalid_grant", REJECTED)
        age = (now - datetime.fromisoformat(connection["rotated"])).total_seconds()
        if value == connection["refresh"] and age >= self._switches.number("refresh_rotation_seconds"):
            grace = self._switches.number("old_refresh_grace_seconds")
            old = connection["old"] | {value: _later(now, grace)}
            connection |= {"refresh": self._new_refresh(now), "rotated": now.isoformat(), "old": old}
        connection = connection | {"until": _later(now, REFRESH_SECONDS)}
        self._connections.put(name, connection)
        return self._answer(connection)

    def _connection_of(self, pair: KeyPair, value: str) -> tuple[str, Body]:
        now = self._clock.now().isoformat()
        for name, connection in self._connections.items():
            if connection["client"] != pair.client_id:
                continue
            if value == connection["refresh"] or connection["old"].get(value, "") > now:
                return name, dict(connection)
            if value in connection["old"]:
                self._suspect(pair, connection["realm"])
        raise GrantRefused("invalid_grant", REJECTED)

    def _answer(self, connection: Body) -> Body:
        seconds = int(self._switches.number("access_token_seconds"))
        hard = self.hard_seconds(connection)
        return {
            "token_type": "bearer",
            "access_token": self._mint(connection, seconds),
            "expires_in": seconds,
            "refresh_token": connection["refresh"],
            "x_refresh_token_expires_in": min(REFRESH_SECONDS, hard),
        }

    def hard_seconds(self, connection: Body) -> int:
        """How long until the end that no refresh puts off: five years from consent (§1.4)."""
        left = datetime.fromisoformat(connection["hard_until"]) - self._clock.now()
        return max(0, round(left.total_seconds()))

    def holder(self, refresh: str) -> Body | None:
        """The connection that a refresh token belongs to, if it is the present one."""
        return next((one for one in self.connections() if one["refresh"] == refresh), None)

    def _mint(self, opens: Body, seconds: int) -> str:
        """An access token that looks like Intuit's five-part JWE and means nothing by itself."""
        now = self._clock.now()
        token = "eyJ" + ".".join(secrets.token_urlsafe(size) for size in (24, 8, 12, 96, 16))
        paper = {name: opens[name] for name in ("realm", "environment", "client", "scope")}
        self._tokens.put(token, paper | {"until": _later(now, seconds)})
        self._forget_old(now.isoformat())
        return token

    def _forget_old(self, now: str) -> None:
        tokens = self._tokens.items()
        if len(tokens) > _MOST_ACCESS_TOKENS:
            for name, paper in tokens:
                if paper["until"] < now:
                    self._tokens.drop(name)

    def mint(self, realm: str, environment: str, seconds: int) -> str:
        """An access token for other tools, tied to no client and no connection."""
        opens = {"realm": realm, "environment": environment, "client": "", "scope": ACCOUNTING}
        return self._mint(opens, seconds)

    def look_up(self, token: str) -> Body | None:
        """What an access token opens (realm, environment, client, scope); None when unknown or expired."""
        paper = self._tokens.get(token)
        return paper if paper and self._clock.now().isoformat() < paper["until"] else None

    def revoke(self, pair: KeyPair, value: str) -> bool:
        """Either token ends the whole connection (§1.6); False when the token is unknown."""
        token = self._tokens.get(value)
        if token and token["client"] == pair.client_id:
            return self.disconnect(pair.client_id, token["realm"])
        for connection in self.connections():
            if connection["client"] == pair.client_id and connection["refresh"] == value:
                return self.disconnect(pair.client_id, connection["realm"])
        return False

    def disconnect(self, client_id: str, realm: str) -> bool:
        """Forget a connection and its access tokens; whether there was one."""
        name = f"{client_id}/{realm}"
        known = self._connections.get(name) is not None
        self._connections.drop(name)
        self.expire_access(client_id, realm)
        return known

    def expire_access(self, client_id: str, realm: str) -> None:
        """Let the access tokens of a connection die now."""
        for token, paper in self._tokens.items():
            if paper["client"] == client_id and paper["realm"] == realm:
                self._tokens.drop(token)

    def is_connected(self, realm: str) -> bool:
        """Whether any client is tied to the company; webhooks come only then (§9.1)."""
        return any(connection["realm"] == realm for connection in self.connections())

    def connections(self) -> list[Body]:
        """All live connections."""
        return [connection for _, connection in self._connections.items()]


def _later(now: datetime, seconds: float) -> str:
    return (now + timedelta(seconds=seconds)).isoformat()
