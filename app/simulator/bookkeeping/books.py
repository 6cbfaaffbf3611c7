"""A company's books: its shelves, its customers' balances, and the list of what changed in the present call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.simulator.bookkeeping import clock, refusals, wire
from app.simulator.bookkeeping.clock import SimulatorClock
from app.simulator.bookkeeping.drawers import Drawer
from app.simulator.bookkeeping.shelves import Shelf
from app.simulator.bookkeeping.switches import SwitchBoard
from app.simulator.bookkeeping.wire import Body

_TRANSACTIONS = ("Invoice", "CreditMemo", "Payment", "Bill", "VendorCredit", "BillPayment", "Purchase")
# What each kind adds to its party's balance (§3.3: negative with unapplied payments and credits).
_OWED = {
    "Invoice": ("Customer", "Balance", 1),
    "CreditMemo": ("Customer", "RemainingCredit", -1),
    "Payment": ("Customer", "UnappliedAmt", -1),
    "Bill": ("Vendor", "Balance", 1),
    "VendorCredit": ("Vendor", "Balance", -1),
}


@dataclass(frozen=True)
class Change:
    """One thing webhooks will tell: operation is Create, Update, Delete, Void, Emailed or Merge."""

    kind: str
    id: str
    operation: str
    gone: str = ""
    """The id that disappeared in a merge."""


@dataclass
class Books:
    """One company. Callers hold the world's lock, decide first and put afterwards."""

    realm: str
    time_zone: str
    clock: SimulatorClock
    switches: SwitchBoard
    shelves: Mapping[str, Shelf]
    numbers: Drawer
    changes: list[Change] = field(default_factory=list)

    def get(self, kind: str, record_id: str) -> Body | None:
        """A live record or None; a kind without a shelf has no records."""
        shelf = self.shelves.get(kind)
        return shelf.get(record_id) if shelf else None

    def today(self) -> date:
        """The company's own calendar day."""
        return self.clock.today(self.time_zone)

    @property
    def country(self) -> str:
        """The company's country, two letters; the United States tax in another way (§4)."""
        return str((self.get("CompanyInfo", "1") or {}).get("Country", ""))

    def next_id(self, kind: str, first: int = 1) -> str:
        """Transactions share one sequence, each list has its own, some from a high number on (§3.0)."""
        kinds = _TRANSACTIONS if kind in _TRANSACTIONS else (kind,)
        return str(max(first, 1 + max(self.shelves[name].highest_id for name in kinds if name in self.shelves)))

    def next_number(self) -> int:
        """The next number QuickBooks gives a sales form by itself, from 1001 on."""
        last = int((self.numbers.get("sales") or {"last": 1000})["last"]) + 1
        self.numbers.put("sales", {"last": last})
        return last

    def preference(self, section: str, name: str) -> object:
        """A value of the company's Preferences, None when absent."""
        preferences = self.get("Preferences", "1") or {}
        return preferences.get(section, {}).get(name)

    def refuse_closed(self, days: Iterable[object]) -> None:
        """Refuse (6210) when one of the dates lies on or before the closing date (§10.8)."""
        closed = self.preference("AccountingInfoPrefs", "BookCloseDate")
        if closed and any(day and str(day) <= str(closed) for day in days):
            raise refusals.books_closed()

    def announce(self, kind: str, record_id: str, operation: str) -> None:
        """Note a change for the webhooks."""
        self.changes.append(Change(kind, record_id, operation))

    def put(self, kind: str, body: Body) -> None:
        """Keep a record and move its customer's balance by what it adds."""
        shelf = self.shelves[kind]
        self._owe(kind, shelf.get(str(body["Id"])), -1)
        shelf.put(body)
        self._owe(kind, body, 1)

    def remove(self, kind: str, body: Body) -> Body:
        """Leave a tombstone in place of a record; the tombstone's body as change data capture shows it."""
        self._owe(kind, body, -1)
        gone = {
            "domain": "QBO", "status": "Deleted", "Id": body["Id"],
            "MetaData": {"LastUpdatedTime": clock.stamp(self.clock.now())},
        }  # fmt: skip
        self.shelves[kind].put(gone, deleted=True)
        return gone

    def touch(self, body: Body) -> Body:
        """The same record one SyncToken later, updated now (§2.5)."""
        meta = body["MetaData"] | {"LastUpdatedTime": clock.stamp(self.clock.now())}
        return body | {"SyncToken": str(int(body["SyncToken"]) + 1), "MetaData": meta}

    def _owe(self, kind: str, body: Body | None, sign: int) -> None:
        if body is None or kind not in _OWED:
            return
        party, name, direction = _OWED[kind]
        self._shift(party, body[f"{party}Ref"]["value"], wire.money(body.get(name)) * direction * sign)

    def _shift(self, party: str, party_id: str, by: Decimal) -> None:
        """A sub-customer's balance counts in BalanceWithJobs of all above it, never in their Balance (§10.14)."""
        names = ("Balance", "BalanceWithJobs") if party == "Customer" else ("Balance",)
        found = self.get(party, party_id) if by else None
        while found is not None:
            moved = {name: wire.amount(wire.money(found.get(name)) + by) for name in names}
            self.shelves[party].put(found | moved)
            names = ("BalanceWithJobs",)
            found = self.get(party, str(found.get("ParentRef", {}).get("value", "")))
