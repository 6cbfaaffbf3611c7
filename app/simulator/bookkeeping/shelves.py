"""A shelf: all records of one kind in one company. Facts and indexes in memory, bodies in the store."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.columns import Column, Fact
from app.simulator.bookkeeping.store import Store
from app.simulator.bookkeeping.wire import Body

_KEPT_BODIES = 1000
Facts = dict[str, Fact]


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a deleted record; change data capture still tells of it (§6.2)."""

    id: str
    facts: Facts
    body: Body


class Shelf:
    """Bodies handed out are shared: whoever wants to change one makes a new one and puts it back."""

    def __init__(self, store: Store, realm: str, kind: str, columns: Iterable[Column]) -> None:
        self._store, self._realm, self._kind = store, realm, kind
        self.columns = {column.name: column for column in columns}
        self._bodies: OrderedDict[str, Body] = OrderedDict()
        self.facts: dict[str, Facts] = {}
        self.tombstones: dict[str, Tombstone] = {}
        self.indexes: dict[str, dict[Fact, dict[str, None]]] = {}
        self.highest_id = 0
        self.reload()

    def reload(self) -> None:
        """Read everything again from the store."""
        self._bodies.clear()
        self.facts, self.tombstones, self.highest_id = {}, {}, 0
        self.indexes = {name: {} for name, column in self.columns.items() if column.indexed}
        rows = self._store.each(
            "SELECT deleted, body FROM records WHERE realm = ? AND kind = ? ORDER BY id", self._realm, self._kind
        )
        for deleted, text in rows:
            self._shelve(_body(text), deleted=bool(deleted))

    def _shelve(self, body: Body, *, deleted: bool) -> None:
        record_id = str(body["Id"])
        self._unindex(record_id)
        facts = {name: column.fact(body) for name, column in self.columns.items()}
        if record_id.isdigit():
            self.highest_id = max(self.highest_id, int(record_id))
        if deleted:
            self.tombstones[record_id] = Tombstone(record_id, facts, body)
            return
        self.facts[record_id] = facts
        for name, index in self.indexes.items():
            index.setdefault(facts[name], {})[record_id] = None

    def _unindex(self, record_id: str) -> None:
        facts = self.facts.pop(record_id, None)
        if facts is None:
            return
        for name, index in self.indexes.items():
            index.get(facts[name], {}).pop(record_id, None)

    def put(self, body: Body, *, deleted: bool = False) -> None:
        """Keep a record; its `Id` says which it replaces. With `deleted` only its tombstone is left."""
        record_id = str(body["Id"])
        self._shelve(body, deleted=deleted)
        self._remember(record_id, None if deleted else body)
        self._store.write(
            "INSERT OR REPLACE INTO records (realm, kind, id, deleted, body) VALUES (?, ?, ?, ?, ?)",
            self._realm, self._kind, record_id, int(deleted), wire.encode(body),
        )  # fmt: skip

    def _remember(self, record_id: str, body: Body | None) -> None:
        self._bodies.pop(record_id, None)
        if body is not None:
            self._bodies[record_id] = body
        if len(self._bodies) > _KEPT_BODIES:
            self._bodies.popitem(last=False)

    def get(self, record_id: str) -> Body | None:
        """A live record or None."""
        if record_id not in self.facts:
            return None
        kept = self._bodies.get(record_id)
        return kept if kept is not None else self._fetch(record_id)

    def _fetch(self, record_id: str) -> Body | None:
        row = self._store.row(
            "SELECT body FROM records WHERE realm = ? AND kind = ? AND id = ?", self._realm, self._kind, record_id
        )
        body = _body(row[0]) if row else None
        self._remember(record_id, body)
        return body

    def find(self, column: str, fact: Fact) -> list[str]:
        """Ids of the live records whose indexed property has this value."""
        return list(self.indexes[column].get(fact, ()))

    def all(self) -> list[Body]:
        """Every live record, by id."""
        bodies = (self.get(record_id) for record_id in self.facts)
        return [body for body in bodies if body is not None]


def _body(text: str) -> Body:
    value = wire.decode(text)
    return value if isinstance(value, dict) else {}
