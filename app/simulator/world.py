"""The whole of a simulator behind its doors: clock, switches, companies, tokens, webhooks, log; one lock for all."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.simulator.bookcase import Bookcase
from app.simulator.bookkeeping.books import Change
from app.simulator.bookkeeping.clock import SimulatorClock
from app.simulator.bookkeeping.drawers import Drawer
from app.simulator.bookkeeping.refusals import Refusal
from app.simulator.bookkeeping.store import Store
from app.simulator.bookkeeping.switches import SwitchBoard
from app.simulator.companies.company import Company
from app.simulator.kinds.registry import KINDS
from app.simulator.mischief import MischiefBox
from app.simulator.oauth.authority import Authority
from app.simulator.oauth.identity import Signer
from app.simulator.oauth.keys import BY_ENVIRONMENT
from app.simulator.oauth.redirects import Redirects
from app.simulator.traffic import Traffic
from app.simulator.webhooks.outgoing import Outgoing


class World:
    """`turn()` is the only way to change anything: it holds the lock, and commits or forgets as a whole."""

    def __init__(self, path: str, *, limits: bool) -> None:
        self.lock = threading.RLock()
        self.store = Store(path)
        self._settings = Drawer(self.store, "settings")
        self.clock = SimulatorClock(float((self._settings.get("clock") or {"offset": 0})["offset"]))
        self.switches = SwitchBoard(Drawer(self.store, "switches"))
        self.authority = Authority(self.store, self.clock, self.switches)
        self.redirects = Redirects(Drawer(self.store, "redirects"), self.switches)
        self.signer = Signer(self.store)
        self.mischief = MischiefBox(Drawer(self.store, "mischief"))
        self.outgoing = Outgoing(self.store, self.clock, self.switches)
        self.traffic = Traffic(self.store, self.clock, limits=limits)
        self.books = Bookcase(self.store, self.clock, self.switches, self.lock)
        self.store.commit()

    @property
    def companies(self) -> dict[str, Company]:
        """All companies by realm."""
        return self.books.companies

    def found(self, realm: str, environment: str, name: str, label: str = "uk") -> None:
        """One company more; call inside a turn. Raises ValueError where the realm is taken."""
        self.books.found(realm, environment, name, label)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One transaction: what happens inside lasts, or, when something escapes, never was."""
        with self.lock:
            try:
                yield
                self._tell()
                self.store.commit()
            except Refusal:
                # Refused before anything was touched (kinds decide first), so what stands may stay.
                self.store.commit()
                raise
            except BaseException:
                self.store.rollback()
                self._reload()
                raise

    def _tell(self) -> None:
        for books in self.books.opened():
            realm, changes, books.changes = books.realm, books.changes, []
            told = [change for change in changes if change.operation in KINDS[change.kind].events]
            if told and self.authority.is_connected(realm):
                self.outgoing.gather(self.companies[realm].environment, realm, _once(told))
        self.outgoing.wake()

    def _reload(self) -> None:
        own = (self._settings, self.switches.drawer, self.mischief.drawer, self.redirects.drawer)
        for drawer in (*own, *self.authority.drawers):
            drawer.reload()
        self.outgoing.reload()
        self.clock.offset_seconds = float((self._settings.get("clock") or {"offset": 0})["offset"])
        self.traffic.reload()
        self.books.reload()

    def keep_clock(self) -> None:
        """Store the clock's offset; call inside a turn after moving it."""
        self._settings.put("clock", {"offset": self.clock.offset_seconds})

    def reset(self) -> None:
        """Back to the first day: no documents, no tokens, no faults; only what the app registered stays set."""
        with self.lock:
            kept = {name: (self.outgoing.endpoint(name), self.redirects.drawer.get(name)) for name in BY_ENVIRONMENT}
            self.store.clear()
            self._reload()
            for name, (endpoint, registered) in kept.items():
                self.outgoing.set_endpoint(name, **endpoint)
                if registered:
                    self.redirects.drawer.put(name, registered)
            self.store.commit()

    def snapshot(self, name: str) -> None:
        """Keep the whole state under a name (letters, digits, `-`, `_`)."""
        with self.lock:
            self.store.copy_to(self._snapshot_file(name))

    def restore(self, name: str) -> None:
        """Return to a kept state. Raises FileNotFoundError."""
        source = self._snapshot_file(name)
        if not source.exists():
            raise FileNotFoundError(name)
        with self.lock:
            self.store.copy_from(source)
            self._reload()

    def _snapshot_file(self, name: str) -> Path:
        in_memory = self.store.path == ":memory:"
        folder = (
            Path(tempfile.gettempdir(), f"simulator-{id(self)}") if in_memory else Path(f"{self.store.path}.snapshots")
        )
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.sqlite"

    def close(self) -> None:
        """Stop the sender and let go of the file."""
        self.outgoing.stop()
        with self.lock:
            self.store.close()


def _once(changes: list[Change]) -> list[Change]:
    """Each change of one call once, in order."""
    return list(dict.fromkeys(changes))
