"""The whole of a simulator behind its doors: clock, switches, companies, tokens, webhooks, log; one lock for all."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.simulator.bookkeeping import clock
from app.simulator.bookkeeping.books import Books, Change
from app.simulator.bookkeeping.clock import SimulatorClock
from app.simulator.bookkeeping.drawers import Drawer
from app.simulator.bookkeeping.refusals import Refusal
from app.simulator.bookkeeping.shelves import Shelf
from app.simulator.bookkeeping.store import Store
from app.simulator.bookkeeping.switches import SwitchBoard
from app.simulator.companies.company import Company
from app.simulator.companies.united_kingdom import COMPANIES, british_company
from app.simulator.kinds.registry import KINDS
from app.simulator.mischief import MischiefBox
from app.simulator.oauth.authority import Authority
from app.simulator.oauth.keys import BY_ENVIRONMENT
from app.simulator.traffic import Traffic
from app.simulator.webhooks.outgoing import Outgoing


class World:
    """`turn()` is the only way to change anything: it holds the lock, and commits or forgets as a whole."""

    def __init__(self, path: str, *, limits: bool, companies: tuple[Company, ...] = COMPANIES) -> None:
        self.lock = threading.RLock()
        self.store = Store(path)
        self._first = companies
        self._founded = Drawer(self.store, "companies")
        self.companies = self._known()
        self._settings = Drawer(self.store, "settings")
        self.clock = SimulatorClock(float((self._settings.get("clock") or {"offset": 0})["offset"]))
        self.switches = SwitchBoard(Drawer(self.store, "switches"))
        self.authority = Authority(self.store, self.clock, self.switches)
        self.mischief = MischiefBox(Drawer(self.store, "mischief"))
        self.outgoing = Outgoing(self.store, self.clock, self.switches)
        self.traffic = Traffic(self.store, self.clock, limits=limits)
        self.books = {realm: self._open(company) for realm, company in self.companies.items()}
        self.store.commit()

    def _known(self) -> dict[str, Company]:
        """The companies of the first day, and those founded since."""
        founded = [british_company(realm, **paper) for realm, paper in self._founded.items()]
        return {company.realm: company for company in (*self._first, *founded)}

    def found(self, realm: str, environment: str, name: str) -> None:
        """One company more, British like the first; call inside a turn. Raises ValueError where the realm is taken."""
        if realm in self.companies:
            raise ValueError(f"company {realm} is there already")
        self._founded.put(realm, {"environment": environment, "name": name})
        self.companies = self._known()
        self.books[realm] = self._open(self.companies[realm])

    def _open(self, company: Company) -> Books:
        shelves = {name: Shelf(self.store, company.realm, name, kind.all_columns) for name, kind in KINDS.items()}
        books = Books(company.realm, company.time_zone, self.clock, self.switches, shelves)
        if books.get("CompanyInfo", "1") is None:
            now = clock.stamp(self.clock.now())
            system = {"domain": "QBO", "sparse": False, "SyncToken": "0"}
            for kind, record in company.records:
                books.put(kind, record | system | {"MetaData": {"CreateTime": now, "LastUpdatedTime": now}})
        return books

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
        for realm, books in self.books.items():
            changes, books.changes = books.changes, []
            told = [change for change in changes if change.operation in KINDS[change.kind].events]
            if told and self.authority.is_connected(realm):
                self.outgoing.gather(self.companies[realm].environment, realm, _once(told))
        self.outgoing.wake()

    def _reload(self) -> None:
        for drawer in (
            self._settings,
            self._founded,
            *self.authority.drawers,
            self.switches.drawer,
            self.mischief.drawer,
        ):
            drawer.reload()
        self.outgoing.reload()
        self.clock.offset_seconds = float((self._settings.get("clock") or {"offset": 0})["offset"])
        self.traffic.reload()
        self.companies = self._known()
        kept = {realm: books for realm, books in self.books.items() if realm in self.companies}
        for books in kept.values():
            books.changes = []
            for shelf in books.shelves.values():
                shelf.reload()
        founded = (company for realm, company in self.companies.items() if realm not in kept)
        self.books = kept | {company.realm: self._open(company) for company in founded}

    def keep_clock(self) -> None:
        """Store the clock's offset; call inside a turn after moving it."""
        self._settings.put("clock", {"offset": self.clock.offset_seconds})

    def reset(self) -> None:
        """Back to the first day: no documents, no tokens, no faults; only the webhook endpoints stay set."""
        with self.lock:
            endpoints = {name: self.outgoing.endpoint(name) for name in BY_ENVIRONMENT}
            self.store.clear()
            self._reload()
            for name, endpoint in endpoints.items():
                self.outgoing.set_endpoint(name, **endpoint)
            self.books = {realm: self._open(company) for realm, company in self.companies.items()}
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
