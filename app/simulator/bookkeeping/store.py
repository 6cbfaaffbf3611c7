"""The simulator's own SQLite file: one connection, one transaction per call, everything survives a restart."""

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

_TABLES = {
    "records": "realm TEXT, kind TEXT, id INTEGER, deleted INTEGER, body TEXT, PRIMARY KEY (realm, kind, id)",
    "replies": "realm TEXT, request_id TEXT, at TEXT, status INTEGER, content_type TEXT, body TEXT,"
    " PRIMARY KEY (realm, request_id)",
    "papers": "drawer TEXT, name TEXT, body TEXT, PRIMARY KEY (drawer, name)",
    "calls": "id INTEGER PRIMARY KEY, body TEXT",
    "events": "id INTEGER PRIMARY KEY, environment TEXT, at TEXT, body TEXT",
    "deliveries": "id INTEGER PRIMARY KEY, state TEXT, due TEXT, body TEXT",
}
Row = tuple[Any, ...]


def _connect(path: str) -> Any:
    """The driver's own connection.

    pysqlite3 where there is a wheel (its SQLite is current), else the one SQLAlchemy finds.
    """
    found = importlib.util.find_spec("pysqlite3")
    options = {"module": importlib.import_module("pysqlite3.dbapi2")} if found else {}
    engine = create_engine(
        f"sqlite:///{path}", poolclass=StaticPool, connect_args={"check_same_thread": False}, **options
    )
    return engine.raw_connection().driver_connection


class Store:
    """SQL and nothing else. Callers hold the world's lock; `commit` ends a call's transaction."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._connection = _connect(path)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-64000"):
            self._connection.execute(f"PRAGMA {pragma}")
        for name, columns in _TABLES.items():
            self._connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
        self._connection.commit()

    def write(self, statement: str, *values: object) -> int:
        """Run one statement; the row id of what was inserted, if anything."""
        return int(self._connection.execute(statement, values).lastrowid or 0)

    def rows(self, statement: str, *values: object) -> list[Row]:
        """All rows of a question."""
        return list(self._connection.execute(statement, values).fetchall())

    def row(self, statement: str, *values: object) -> Row | None:
        """The first row of a question, or None."""
        found: Row | None = self._connection.execute(statement, values).fetchone()
        return found

    def each(self, statement: str, *values: object) -> Iterator[Row]:
        """Rows one by one, for what is too much to hold twice."""
        yield from self._connection.execute(statement, values)

    def commit(self) -> None:
        """Make the call's changes last."""
        self._connection.commit()

    def rollback(self) -> None:
        """Forget the call's changes."""
        self._connection.rollback()

    def copy_to(self, target: Path) -> None:
        """Write the whole state into a new file, replacing an older copy."""
        self.commit()
        target.unlink(missing_ok=True)
        self._connection.execute("VACUUM INTO ?", (str(target),))

    def copy_from(self, source: Path) -> None:
        """Replace the whole state by that of a file written with `copy_to`."""
        self.commit()
        self._connection.execute("ATTACH ? AS kept", (str(source),))
        for name in _TABLES:
            self._connection.execute(f"DELETE FROM main.{name}")  # noqa: S608 - names of our own
            self._connection.execute(f"INSERT INTO main.{name} SELECT * FROM kept.{name}")  # noqa: S608 - same
        self.commit()
        self._connection.execute("DETACH kept")

    def clear(self) -> None:
        """Empty every table."""
        for name in _TABLES:
            self._connection.execute(f"DELETE FROM {name}")  # noqa: S608 - names of our own
        self.commit()

    def close(self) -> None:
        """Commit what rode along and let go of the file."""
        self.commit()
        self._connection.close()
