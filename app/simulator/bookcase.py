"""The books of all companies, opened when somebody first looks at them, so that a first day costs little."""

import threading

from app.simulator.bookkeeping import clock
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.clock import SimulatorClock
from app.simulator.bookkeeping.drawers import Drawer
from app.simulator.bookkeeping.shelves import Shelf
from app.simulator.bookkeeping.store import Store
from app.simulator.bookkeeping.switches import SwitchBoard
from app.simulator.companies.company import Company
from app.simulator.companies.first_day import COMPANIES
from app.simulator.companies.multi_currency import trading_company
from app.simulator.companies.united_kingdom import british_company
from app.simulator.companies.united_states import american_company
from app.simulator.kinds.registry import KINDS

_BUILDERS = {"uk": british_company, "us": american_company, "multi": trading_company}


class Bookcase:
    """`companies` are those of the first day and those founded since. `lock` is the world's."""

    def __init__(self, store: Store, clock: SimulatorClock, switches: SwitchBoard, lock: threading.RLock) -> None:
        self._store, self._clock, self._switches, self._lock = store, clock, switches, lock
        self._founded = Drawer(store, "companies")
        self._opened: dict[str, Books] = {}
        self.companies = self._known()

    def _known(self) -> dict[str, Company]:
        founded = [_BUILDERS[paper.get("label", "uk")](realm, paper["environment"], paper["name"])
                   for realm, paper in self._founded.items()]  # fmt: skip
        return {company.realm: company for company in (*COMPANIES, *founded)}

    def found(self, realm: str, environment: str, name: str, label: str = "uk") -> None:
        """One company more, like the first of its label. Raises ValueError: realm taken, label unknown."""
        if realm in self.companies or label not in _BUILDERS:
            raise ValueError(f"company {realm} is there already, or {label[:20]} is not one of {', '.join(_BUILDERS)}")
        self._founded.put(realm, {"environment": environment, "name": name, "label": label})
        self.companies = self._known()

    def __contains__(self, realm: str) -> bool:
        return realm in self.companies

    def __getitem__(self, realm: str) -> Books:
        """A company's books. Raises KeyError."""
        found = self._opened.get(realm)
        if found is not None:
            return found
        with self._lock:
            return self._opened.get(realm) or self._open(self.companies[realm])

    def _open(self, company: Company) -> Books:
        realm = company.realm
        shelves = {name: Shelf(self._store, realm, name, kind.all_columns) for name, kind in KINDS.items()}
        numbers = Drawer(self._store, f"numbers of {realm}")
        books = Books(realm, company.time_zone, self._clock, self._switches, shelves, numbers)
        if books.get("CompanyInfo", "1") is None:
            _stock(books, company)
        self._opened[realm] = books
        return books

    def opened(self) -> list[Books]:
        """The books somebody has looked at: only they can hold changes to tell."""
        return list(self._opened.values())

    def reload(self) -> None:
        """Read everything again from the store; what is not there (any more) is opened anew when it is needed."""
        self._founded.reload()
        self.companies = self._known()
        for realm, books in list(self._opened.items()):
            books.changes = []
            books.numbers.reload()
            for shelf in books.shelves.values():
                shelf.reload()
            if realm not in self.companies or books.get("CompanyInfo", "1") is None:
                del self._opened[realm]


def _stock(books: Books, company: Company) -> None:
    """Put the records of the first day on the shelves. The pseudo tax codes have no system properties (§3.7)."""
    now = clock.stamp(books.clock.now())
    system = {"domain": "QBO", "sparse": False, "SyncToken": "0"}
    meta = {"MetaData": {"CreateTime": now, "LastUpdatedTime": now}}
    for kind, record in company.records:
        more = system if record["Id"].isdigit() else {}
        books.put(kind, KINDS[kind].in_order(record | more | meta))
