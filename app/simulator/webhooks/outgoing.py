"""Events waiting to be told, deliveries and their states; all of it survives a restart. Sends nothing itself."""

import threading
import uuid
from datetime import datetime, timedelta

from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.books import Change
from app.simulator.bookkeeping.clock import SimulatorClock
from app.simulator.bookkeeping.drawers import Drawer
from app.simulator.bookkeeping.store import Store
from app.simulator.bookkeeping.switches import SwitchBoard
from app.simulator.bookkeeping.wire import Body
from app.simulator.oauth.keys import BY_ENVIRONMENT
from app.simulator.webhooks import bodies

_HOURS = 3600
_OLDER_RETRY_SECONDS = (1200, 1800, 3000)
RETRY_SECONDS = (10, 20, 30, 300, 1200, 2 * _HOURS, 4 * _HOURS, 6 * _HOURS)
_MOST_EVENTS = 500
_KEPT_DELIVERIES = 2000
_COLUMNS = "SELECT id, state, due, body FROM deliveries"


class Outgoing:
    """Callers hold the world's lock. Delivery states: pending, delivered, withheld, dropped."""

    def __init__(self, store: Store, clock: SimulatorClock, switches: SwitchBoard) -> None:
        self._store, self._clock, self._switches = store, clock, switches
        self._settings = Drawer(store, "webhooks")
        self.bell = threading.Event()
        self.stopped = False
        self._unsent = 0
        self.reload()

    def reload(self) -> None:
        """Read settings and the number of waiting events again."""
        self._settings.reload()
        self._unsent = int((self._store.row("SELECT count(*) FROM events") or (0,))[0])

    def wake(self) -> None:
        """Tell the sender that something may be waiting."""
        if self._unsent:
            self.bell.set()

    def stop(self) -> None:
        """Tell the sender to end."""
        self.stopped = True
        self.bell.set()

    def endpoint(self, environment: str) -> Body:
        """`url` ("" = none) and `verifier` of an environment."""
        default = {"url": "", "verifier": BY_ENVIRONMENT[environment].verifier}
        return default | (self._settings.get(environment) or {})

    def set_endpoint(self, environment: str, **wanted: str) -> None:
        """Change url or verifier. Raises ValueError for a url that is no http address."""
        if wanted.get("url") and not wanted["url"].startswith(("http://", "https://")):
            raise ValueError("url must begin with http:// or https://")
        self._settings.put(environment, self.endpoint(environment) | wanted)

    @property
    def mode(self) -> str:
        """How deliveries go: sending, paused (they wait) or withheld (they are kept aside until repeated)."""
        return str((self._settings.get("mode") or {"mode": "sending"})["mode"])

    def set_mode(self, mode: str) -> None:
        """Change the mode. Raises ValueError."""
        if mode not in {"sending", "paused", "withheld"}:
            raise ValueError(f"unknown mode {mode}")
        self._settings.put("mode", {"mode": mode})

    def gather(self, environment: str, realm: str, changes: list[Change]) -> None:
        """Keep what changed until the next delivery; dropped where no endpoint is set."""
        if not self.endpoint(environment)["url"]:
            return
        now = self._clock.now().isoformat().replace("+00:00", "Z")
        for change in changes:
            event = {"event_id": str(uuid.uuid4()), "realm": realm, "kind": change.kind, "id": change.id,
                     "operation": change.operation, "time": now, "gone": change.gone}  # fmt: skip
            self._store.write(
                "INSERT INTO events (environment, at, body) VALUES (?, ?, ?)", environment, now, wire.encode(event)
            )
            self._unsent += 1

    def bundle(self, *, at_once: bool = False) -> None:
        """Once the oldest event of an environment has waited long enough: all that wait there become one delivery."""
        if not self._unsent:
            return
        delay = timedelta(seconds=0 if at_once else self._switches.number("webhook_delay_seconds"))
        before = (self._clock.now() - delay).isoformat().replace("+00:00", "Z")
        for environment in BY_ENVIRONMENT:
            rows = self._store.rows(
                "SELECT id, body, at FROM events WHERE environment = ? ORDER BY id LIMIT ?", environment, _MOST_EVENTS
            )
            if rows and (at_once or rows[0][2] <= before):
                self._deliver_later(environment, [_event(text) for _, text, _ in rows])
                self._store.write("DELETE FROM events WHERE environment = ? AND id <= ?", environment, rows[-1][0])
                self._unsent -= len(rows)

    def _deliver_later(self, environment: str, events: list[Body]) -> None:
        is_legacy = self._switches["webhook_format"] == "legacy"
        told = list(reversed(events)) if self._switches["webhook_order"] == "reversed" else events
        body = bodies.legacy(told) if is_legacy else bodies.cloud_events(told, str(self._switches["void_verb"]))
        now = self._clock.now().isoformat()
        state = "withheld" if self.mode == "withheld" else "pending"
        delivery = {"environment": environment, "created": now, "attempts": [], "events": len(events),
                    "raw": wire.encode(body)}  # fmt: skip
        number = self._store.write(
            "INSERT INTO deliveries (state, due, body) VALUES (?, ?, ?)", state, now, wire.encode(delivery)
        )
        if number % 100 == 0:
            self._store.write("DELETE FROM deliveries WHERE state = 'delivered' AND id <= ?", number - _KEPT_DELIVERIES)

    @property
    def has_unsent(self) -> bool:
        """Whether events wait to be bundled."""
        return self._unsent > 0

    def due(self, *, at_once: bool = False) -> list[Body]:
        """Pending deliveries whose time has come (all of them with `at_once`), oldest first."""
        if self.mode == "paused" and not at_once:
            return []
        until = "9999" if at_once else self._clock.now().isoformat()
        rows = self._store.rows(f"{_COLUMNS} WHERE state = 'pending' AND due <= ? ORDER BY id", until)
        found = [_delivery(row) for row in rows]
        return self._held_back(found) if self._switches["webhook_order"] == "held_back" else found

    def _held_back(self, found: list[Body]) -> list[Body]:
        """Later deliveries wait until the first is acknowledged (§9.1), each environment by itself."""
        rows = self._store.rows(f"{_COLUMNS} WHERE state = 'pending' ORDER BY id DESC")
        first = {one["environment"]: one["id"] for one in map(_delivery, rows)}
        return [one for one in found if first[one["environment"]] == one["id"]]

    def next_due(self) -> datetime | None:
        """When the next pending delivery is due."""
        row = self._store.row("SELECT min(due) FROM deliveries WHERE state = 'pending'")
        return datetime.fromisoformat(row[0]) if row and row[0] else None

    def settle(self, delivery: Body, outcome: str, *, delivered: bool) -> None:
        """Note an attempt; what failed is due again on Intuit's schedule (§9.1)."""
        now = self._clock.now()
        attempts = [*delivery["attempts"], {"at": now.isoformat(), "outcome": outcome}]
        older = self._switches["webhook_retries"] == "three"
        waits = _OLDER_RETRY_SECONDS if older else RETRY_SECONDS
        wait = waits[min(len(attempts), len(waits)) - 1] * self._switches.number("webhook_retry_scale")
        undelivered = "dropped" if older and len(attempts) > len(waits) else "pending"
        kept = {name: delivery[name] for name in ("environment", "created", "events", "raw")}
        self._store.write(
            "UPDATE deliveries SET state = ?, due = ?, body = ? WHERE id = ?",
            "delivered" if delivered else undelivered, (now + timedelta(seconds=wait)).isoformat(),
            wire.encode(kept | {"attempts": attempts}), delivery["id"],
        )  # fmt: skip

    def repeat(self, number: int | None = None) -> int:
        """Make one delivery (or all that are withheld) pending again; how many."""
        now = self._clock.now().isoformat()
        chosen = self.deliveries(1000) if number is None else self.deliveries(1, number)
        wanted = [one for one in chosen if number is not None or one["state"] == "withheld"]
        for one in wanted:
            self._store.write("UPDATE deliveries SET state = 'pending', due = ? WHERE id = ?", now, one["id"])
        self.bell.set()
        return len(wanted)

    def deliveries(self, limit: int, number: int | None = None) -> list[Body]:
        """The log, newest first; with `number` that one alone."""
        where, values = ("WHERE id = ?", (number,)) if number is not None else ("", ())
        rows = self._store.rows(f"{_COLUMNS} {where} ORDER BY id DESC LIMIT ?", *values, limit)
        return [_delivery(row) for row in rows]


def _event(text: str) -> Body:
    value = wire.decode(text)
    return value if isinstance(value, dict) else {}


def _delivery(row: tuple[int, str, str, str]) -> Body:
    number, state, due, text = row
    return {"id": number, "state": state, "due": due} | _event(text)
