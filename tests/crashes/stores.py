"""Databases that can be put back to a moment: a file and its copies, or the rows of every table."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app.tables import metadata


class Store(Protocol):
    """A database that can be put back."""

    @property
    def url(self) -> str:
        """Its address."""
        ...

    def keep(self, name: str) -> None:
        """Keep it as it is; nobody is connected."""
        ...

    def put_back(self, name: str) -> None:
        """Make it what it was; nobody is connected."""
        ...


@dataclass(frozen=True)
class SqliteStore:
    """One file, and copies beside it."""

    folder: Path

    @property
    def url(self) -> str:
        """The address of the database."""
        return f"sqlite:///{self.folder / 'portal.sqlite'}"

    def keep(self, name: str) -> None:
        """Copy the file; it was closed, so nothing of it is in a journal any more."""
        shutil.copy(self.folder / "portal.sqlite", self.folder / f"{name}.kept")

    def put_back(self, name: str) -> None:
        """Copy it back, and forget the journals of those who were killed."""
        for journal in self.folder.glob("portal.sqlite-*"):
            journal.unlink()
        shutil.copy(self.folder / f"{name}.kept", self.folder / "portal.sqlite")


class _Rows(NamedTuple):
    """The rows of every table as COPY writes them, and where each sequence stands."""

    tables: dict[str, bytes]
    sequences: dict[str, int | None]


@dataclass
class PostgresqlStore:
    """One database; its rows are kept here, for making a database anew takes ten times as long."""

    url: str
    kept: dict[str, _Rows] = field(default_factory=dict)

    def keep(self, name: str) -> None:
        """Copy the rows."""
        with self._connected() as connection:
            tables = {table.name: _out(connection, table.name) for table in metadata.sorted_tables}
            found = connection.execute("SELECT sequencename, last_value FROM pg_sequences")
            self.kept[name] = _Rows(tables, dict(found.fetchall()))

    def put_back(self, name: str) -> None:
        """Copy them back. Who was killed holds no lock for longer than the server needs to notice."""
        rows = self.kept[name]
        with self._connected() as connection:
            connection.execute("SET session_replication_role = replica")  # the order of tables does not matter
            for table, content in rows.tables.items():
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
                if content:
                    _in(connection, table, content)
            for sequence, value in rows.sequences.items():
                connection.execute("SELECT setval(%s::regclass, %s, %s)", (sequence, value or 1, value is not None))

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection]:
        address = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as connection:
            yield connection


def _out(connection: psycopg.Connection, table: str) -> bytes:
    command = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(table))
    empty = connection.execute(sql.SQL("SELECT NOT EXISTS (SELECT FROM {})").format(sql.Identifier(table))).fetchone()
    with connection.cursor().copy(command) as copy:
        content = b"".join(bytes(part) for part in copy)
    return b"" if empty == (True,) else content


def _in(connection: psycopg.Connection, table: str, content: bytes) -> None:
    command = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(table))
    with connection.cursor().copy(command) as copy:
        copy.write(content)
