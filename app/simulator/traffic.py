"""Who called, how often, and whether that was too often (§7): the limits, the log of calls, the counters."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.clock import SimulatorClock
from app.simulator.bookkeeping.drawers import Drawer
from app.simulator.bookkeeping.store import Store
from app.simulator.bookkeeping.wire import Body

_KEPT_CALLS = 5000
COUNTERS = ("requests", "reads", "writes", "batches", "operations", "throttled", "refused", "max_writes_in_flight")
_MINUTE, _SECOND = timedelta(seconds=60), timedelta(seconds=1)
# Name: how many, in what span, and whether each app has its own (§7).
_LIMITS = {
    "calls": (500, _MINUTE, False), "burst": (10, _SECOND, True), "combined": (800, _MINUTE, True),
    "batches": (40, _MINUTE, True), "all batches": (120, _MINUTE, False),
}  # fmt: skip


@dataclass
class Window:
    """A sliding window: at most `most` passages in any `span`."""

    most: int
    span: timedelta
    passed: deque[datetime] = field(default_factory=deque)

    def has_room(self, now: datetime) -> bool:
        """Whether one more may pass now."""
        while self.passed and (self.passed[0] <= now - self.span or self.passed[0] > now):
            self.passed.popleft()
        return len(self.passed) < self.most


class Traffic:
    """Limits by realm and by realm and app. Counters last; windows do not."""

    def __init__(self, store: Store, clock: SimulatorClock, *, limits: bool) -> None:
        self._store, self._clock = store, clock
        self._counters = Drawer(store, "counters")
        self._windows: dict[tuple[str, str, str], Window] = {}
        self._gate = threading.Lock()
        self._in_flight: dict[str, int] = {}
        self._peaks: dict[str, int] = {}
        self.limits = limits

    def reload(self) -> None:
        """Read the counters again and forget windows and peaks."""
        self._counters.reload()
        self._windows.clear()
        self._peaks.clear()

    def admits(self, realm: str, client: str, *, batch: bool) -> bool:
        """Whether a call may pass; one that may not counts against no window."""
        if not self.limits:
            return True
        now = self._clock.now()
        wanted = [name for name in _LIMITS if batch or "batch" not in name]
        windows = [self._window(name, realm, client) for name in wanted]
        if not all(window.has_room(now) for window in windows):
            return False
        for window in windows:
            window.passed.append(now)
        return True

    def _window(self, name: str, realm: str, client: str) -> Window:
        most, span, per_client = _LIMITS[name]
        owner = client if per_client else ""
        return self._windows.setdefault((name, realm, owner), Window(most, span))

    @contextmanager
    def writing(self, realm: str) -> Iterator[None]:
        """Count a write that is under way, also while it waits for the books. Needs no lock of the caller's."""
        with self._gate:
            self._in_flight[realm] = self._in_flight.get(realm, 0) + 1
            self._peaks[realm] = max(self._peaks.get(realm, 0), self._in_flight[realm])
        try:
            yield
        finally:
            with self._gate:
                self._in_flight[realm] -= 1

    def counters(self, realm: str) -> Body:
        """The counters of one realm since they were begun anew."""
        found = self._counters.get(realm)
        return found if found is not None else self._fresh(realm)

    def _fresh(self, realm: str) -> Body:
        self._counters.put(realm, dict.fromkeys(COUNTERS, 0))
        return self._counters.get(realm) or {}

    def count(self, realm: str, **by: int) -> None:
        """Add to a realm's counters."""
        counters = self.counters(realm)
        added = {name: counters.get(name, 0) + more for name, more in by.items()}
        peak = max(counters["max_writes_in_flight"], self._peaks.get(realm, 0))
        self._counters.put(realm, counters | added | {"max_writes_in_flight": peak})

    def begin_anew(self, realm: str) -> None:
        """Counters of a realm back to zero."""
        self._peaks.pop(realm, None)
        self._fresh(realm)

    def note(self, call: Body) -> None:
        """Keep one call in the log; the oldest leave."""
        number = self._store.write("INSERT INTO calls (body) VALUES (?)", wire.encode(call))
        if number % 500 == 0:
            self._store.write("DELETE FROM calls WHERE id <= ?", number - _KEPT_CALLS)

    def calls(self, limit: int, offset: int = 0) -> list[Body]:
        """The last calls, newest first."""
        rows = self._store.rows("SELECT id, body FROM calls ORDER BY id DESC LIMIT ? OFFSET ?", limit, offset)
        return [{"id": number} | _call(text) for number, text in rows]


def _call(text: str) -> Body:
    value = wire.decode(text)
    return value if isinstance(value, dict) else {}
