"""SQLite as safe as a server: WAL, full synchronisation, fair waiting, and never a lock taken half-way.

Through `pysqlite3`, because Python's own library may carry the WAL-reset bug (silent corruption when a write races a
checkpoint of another connection; fixed in SQLite 3.51.3). Two SQLite libraries in one process on one file would
destroy each other's locks, so nothing else may open this file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, event

try:
    import pysqlite3 as library
except ImportError:  # pragma: no cover - only where no wheel exists
    import sqlite3 as library  # the one exception: then rollback-journal mode is used

writing: ContextVar[bool] = ContextVar("writing", default=False)
"""Whether the transaction that begins next may write: then the write lock is taken at once, for a read lock that is
upgraded later fails with "database is locked" without waiting."""

WAIT_SECONDS = 10.0
SAFE_IN_WAL = (3, 51, 3)
_PAUSE_SECONDS = [0.001]
"""How long who waits for the write lock rests before asking again; one for the process."""
_LONGEST_PAUSE_SECONDS = 0.004
_JOURNAL_TRIES = 200
_LOOKED_AT = 1000
"""Rows of each index: enough to tell rare from common, and a matter of milliseconds."""
_ALL_TABLES = 0x10002
"""Of SQLite's own documentation: whatever may profit, not only what this connection has asked for."""
_PRAGMAS = (
    "synchronous=FULL",  # an acknowledged webhook must survive a power cut
    "foreign_keys=ON",
    "cache_size=-16000",
    "journal_size_limit=67108864",
    "temp_store=MEMORY",
)


def wal_is_safe() -> bool:
    """Whether the library in use is free of the WAL-reset bug."""
    return bool(library.sqlite_version_info >= SAFE_IN_WAL)


def prepare(engine: Engine) -> None:
    """Make every connection of this engine follow the rules above."""
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def learn_sizes(engine: Engine) -> None:
    """Let SQLite look at some rows of what has grown; PostgreSQL does so by itself.

    Without it SQLite takes "of this organisation" for a rare thing, and walks through a whole table by the wrong index.
    """
    if engine.dialect.name != "sqlite":
        return
    with writing_on(engine) as connection:
        connection.exec_driver_sql(f"PRAGMA analysis_limit={_LOOKED_AT}")
        connection.exec_driver_sql(f"PRAGMA optimize={_ALL_TABLES}")


@contextmanager
def writing_on(engine: Engine) -> Iterator[Connection]:
    """One write transaction of any database on a connection of its own, beside the session: for bare statements."""
    token = writing.set(True)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        writing.reset(token)


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves; the driver's own guess breaks savepoints
    if hasattr(connection, "set_busy_handler"):
        connection.set_busy_handler(fair_wait(WAIT_SECONDS))
    for pragma in _PRAGMAS:
        connection.execute("PRAGMA " + pragma)
    _choose_journal(connection)


def _choose_journal(connection: Any) -> None:
    """WAL is stored in the file; only a file that is not in it yet is switched, for the switch wants the whole lock."""
    wanted = "wal" if wal_is_safe() else "delete"
    for _try in range(_JOURNAL_TRIES):
        try:
            (current,) = connection.execute("PRAGMA journal_mode").fetchone()
            if current not in {wanted, "memory"}:
                connection.execute("PRAGMA journal_mode=" + wanted)
        except library.OperationalError:
            time.sleep(0.01)  # several processes switch one new file together: the busy handler is not asked for this
        else:
            return


def ask_less_often(threads: int) -> None:
    """So many threads of this process may want to write at once: each waits up to four times as long between two tries.

    Together they would wake up so often to ask that nobody gets to work, and a process of one writer would wait long.
    """
    _PAUSE_SECONDS[0] = min(0.001 * max(threads, 1), _LONGEST_PAUSE_SECONDS)


def fair_wait(limit: float) -> Callable[[int], int]:
    """A busy handler that asks again each millisecond; SQLite's own grows its pauses and starves a writer."""
    deadline = 0.0

    def wait(tries: int) -> int:
        nonlocal deadline
        if tries == 0:
            deadline = time.monotonic() + limit
        elif time.monotonic() > deadline:
            return 0
        time.sleep(_PAUSE_SECONDS[0])
        return 1

    return wait


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")
