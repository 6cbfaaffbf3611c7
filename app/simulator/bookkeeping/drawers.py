"""A drawer: a small named set of JSON papers kept in memory and written through to the store."""

from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.store import Store
from app.simulator.bookkeeping.wire import Body


class Drawer:
    """Papers by name. For settings, tokens and faults: hundreds at most, never documents."""

    def __init__(self, store: Store, label: str) -> None:
        self._store = store
        self._label = label
        self._papers: dict[str, Body] = {}
        self.reload()

    def reload(self) -> None:
        """Read everything again from the store."""
        rows = self._store.rows("SELECT name, body FROM papers WHERE drawer = ?", self._label)
        self._papers = {name: _paper(text) for name, text in rows}

    def get(self, name: str) -> Body | None:
        """One paper or None."""
        return self._papers.get(name)

    def put(self, name: str, paper: Body) -> None:
        """Keep a paper under a name."""
        self._papers[name] = paper
        self._store.write(
            "INSERT OR REPLACE INTO papers (drawer, name, body) VALUES (?, ?, ?)", self._label, name, wire.encode(paper)
        )

    def drop(self, name: str) -> None:
        """Throw a paper away; nothing happens if it is not there."""
        self._papers.pop(name, None)
        self._store.write("DELETE FROM papers WHERE drawer = ? AND name = ?", self._label, name)

    def items(self) -> list[tuple[str, Body]]:
        """All papers with their names, in the order they were put in."""
        return list(self._papers.items())


def _paper(text: str) -> Body:
    value = wire.decode(text)
    return value if isinstance(value, dict) else {}
