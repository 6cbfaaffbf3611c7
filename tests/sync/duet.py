"""Two at once on PostgreSQL: the first is stopped behind a statement of its own while the second goes on.

The second runs until it is done or waits for a row that the first holds; only then the first goes on. So what one in a
thousand meets by chance is met for sure.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from app.foundation import clock
from app.foundation.database import db, end_reading
from app.foundation.tenancy import acting_for, current_organisation

Act = Callable[[], object]
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
_PATIENCE_SECONDS = 60.0


@dataclass
class Duet:
    """The stage of two threads, each in an application context of its own."""

    app: Flask
    problems: list[BaseException] = field(default_factory=list)
    """What the two have met."""

    def play(self, first: Act, behind: str, second: Act) -> None:
        """Run both; the first is stopped the first time that it has run a statement in which `behind` is found."""
        end_reading()
        self._behind, self._leader = re.compile(behind), 0
        self._stopped, self._is_over, self._go_on = threading.Event(), threading.Event(), threading.Event()
        whom = current_organisation()
        one = threading.Thread(target=self._lead, args=(first, whom))
        two = threading.Thread(target=self._act, args=(second, whom))
        event.listen(db.engine, "after_cursor_execute", self._look)
        try:
            one.start()
            assert self._stopped.wait(_PATIENCE_SECONDS)
            assert not self._is_over.is_set(), (f"the first never came behind {behind}", self.problems)
            two.start()
            self._until_held_up(two)
        finally:
            self._go_on.set()
            one.join()
            event.remove(db.engine, "after_cursor_execute", self._look)
        two.join()

    def _lead(self, act: Act, whom: int) -> None:
        self._leader = threading.get_ident()
        self._act(act, whom)
        self._is_over.set()
        self._stopped.set()

    def _act(self, act: Act, whom: int) -> None:
        with self.app.app_context(), acting_for(whom):
            try:
                act()
            except BaseException as problem:  # noqa: BLE001 - told to the test
                self.problems.append(problem)

    def _look(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if threading.get_ident() != self._leader or self._stopped.is_set() or not self._behind.search(statement):
            return
        self._stopped.set()
        assert self._go_on.wait(_PATIENCE_SECONDS)

    def _until_held_up(self, other: threading.Thread) -> None:
        """Until the other is done, or waits for a row."""
        while other.is_alive():
            with db.engine.connect() as connection:
                if connection.scalar(_WAITING):
                    return
            clock.sleep(0.001)


@pytest.fixture
def duet(app: Flask, database_url: str) -> Duet:
    """Give the stage; on SQLite, where one writes at a time, there is nothing to play."""
    if not database_url.startswith("postgresql"):
        pytest.skip("one at a time writes to SQLite")
    return Duet(app)
