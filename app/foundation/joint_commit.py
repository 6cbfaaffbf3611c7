"""Rows that many threads bring, one each, stored by one commit for all who wait meanwhile: each waits for the disk."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from itertools import cycle
from typing import Any

from sqlalchemy import Table, insert

from app.foundation import sqlite
from app.foundation.database import db, end_reading


class Round:
    """The rows of one commit; `problem` says why they were not stored."""

    def __init__(self) -> None:
        self.rows: list[Mapping[str, Any]] = []
        self.over = threading.Event()
        self.problem: BaseException | None = None


class JointInserts:
    """Puts rows into a table, beside the session and without its objects.

    Rows gather while commits are under way, `at_once` of them; on SQLite one, for others would only ask for its lock
    again and again. Who brings the first row of a round writes for all of it.
    """

    def __init__(self, table: Table, *, at_once: int = 4) -> None:
        self._statement = insert(table).inline()
        self.gathering = Round()
        """The round that has not begun to be written."""
        self._door = threading.Lock()
        # Actors of a simulation take turns on one thread, and one that was overtaken here can't be waited for.
        self._only_pen = threading.RLock()
        self._pens = cycle([threading.RLock() for _ in range(at_once)])

    def add(self, row: Mapping[str, Any]) -> None:
        """Store it, durably when this returns; all rows name the same columns. Ends an open read transaction.

        Needs an app context.

        Raises what the database says of the commit, to everybody whose row was in it; RuntimeError inside
        `transaction()`, on whose end this would wait.
        """
        if sqlite.writing.get():
            raise RuntimeError("a transaction is already open here")
        end_reading()  # or each of these threads would sit on a connection while the leader of all waits for one
        with self._door:
            mine = self.gathering
            mine.rows.append(row)
            leads = len(mine.rows) == 1
        if leads:
            self._lead(mine)
        else:
            mine.over.wait()
        if mine.problem is not None:
            raise mine.problem

    def _lead(self, mine: Round) -> None:
        with self._pen():
            with self._door:
                self.gathering = Round()
            try:
                with sqlite.writing_on(db.engine) as connection:
                    # A list, even of one row, costs PostgreSQL's driver a third more than a row.
                    connection.execute(self._statement, mine.rows if len(mine.rows) > 1 else mine.rows[0])
            except BaseException as problem:  # noqa: BLE001 - whatever it is, nobody may go on waiting, or believe it
                mine.problem = problem
            finally:
                mine.over.set()

    def _pen(self) -> AbstractContextManager[object]:
        return self._only_pen if db.engine.dialect.name == "sqlite" else next(self._pens)
