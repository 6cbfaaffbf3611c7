"""The hand that kills: it watches the line and the commits of a process and strikes at one named boundary.

It hangs on ports and on the database library's own events; the engine knows nothing of it.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from app.quickbooks.ports import Http, HttpAnswer, HttpRequest
from tests.crashes import marks

BEFORE, DURING, AFTER = "before", "during", "after"
_SOON = 0.1
"""Seconds into a call that is still worked on there."""


class Point(NamedTuple):
    """A boundary: before, during or after the n-th time in a process that a step of this name happens."""

    side: str
    step: str
    time: int = 1

    def __str__(self) -> str:
        return f"{self.side} “{self.step}”" + (f", time {self.time}" if self.time > 1 else "")


@dataclass
class Fate:
    """What a process did so far, and where it is struck: killed, or stopped."""

    point: Point | None = None
    how: signal.Signals = signal.SIGKILL
    story: list[str] = field(default_factory=list)
    """Every step in the order in which it was about to happen."""
    passed: Counter[str] = field(default_factory=Counter)
    changes: list[marks.Change] = field(default_factory=list)
    """What the open transaction has changed so far."""
    committing: list[str] = field(default_factory=list)
    """The names of the commit that is under way."""

    def begins(self, steps: list[str]) -> None:
        """These steps are about to happen."""
        self.story += steps
        self.passed.update(steps)
        self._strike(BEFORE, steps)

    def is_done(self, steps: list[str]) -> None:
        """They have just happened, and nobody was told yet."""
        self._strike(AFTER, steps)

    def goes_on(self, step: str) -> None:
        """It will take a moment; whoever dies during it has a moment to live."""
        if self.point == Point(DURING, step, self.passed[step]):
            timer = threading.Timer(_SOON, os.kill, (os.getpid(), self.how))
            timer.daemon = True
            timer.start()

    def _strike(self, side: str, steps: list[str]) -> None:
        if any(self.point == Point(side, step, self.passed[step]) for step in steps):
            os.kill(os.getpid(), self.how)
            time.sleep(0.001)  # a signal to oneself may be delivered at the next instruction only

    @contextmanager
    def watching(self, engine: Engine) -> Iterator[None]:
        """Follow every transaction of this process while the block lasts."""
        listeners = (
            (engine, "after_cursor_execute", self._remember),
            (engine, "rollback", self._rolls_back),
            (engine, "commit", self._commits),
            (Session, "after_commit", self._committed),
            (engine.pool, "checkin", self._committed),
        )
        for target, name, listener in listeners:
            event.listen(target, name, listener)
        try:
            yield
        finally:
            for target, name, listener in listeners:
                event.remove(target, name, listener)

    def _remember(self, *seen: Any) -> None:
        _connection, cursor, statement, _parameters, context, _many = seen
        values = context.compiled_parameters[0] if context.compiled and context.compiled_parameters else {}
        change = marks.read(statement, values)
        # Of a statement that gives rows back nobody knows yet how many it changes.
        if change is not None and (cursor.rowcount != 0 or "RETURNING" in statement):
            self.changes.append(change)

    def _named(self) -> list[str]:
        named = marks.names(self.changes)
        if self.changes and not named:
            return ["unnamed: " + ", ".join(sorted({f"{change.table} {change.verb}" for change in self.changes}))]
        return named

    def _rolls_back(self, _connection: Connection) -> None:
        self.changes.clear()
        self.committing.clear()

    def _commits(self, _connection: Connection) -> None:
        self.committing = self._named()
        self.changes.clear()
        self.begins(self.committing)

    def _committed(self, *_seen: Any) -> None:
        """By its session, or by the connection that is given back where there is none.

        Also told of a savepoint, at which nothing was committed.
        """
        done, self.committing = self.committing, []
        self.is_done(done)


@dataclass(frozen=True)
class MortalHttp:
    """A line whose owner may die before the first byte leaves, while it is worked on there, or when it is over."""

    line: Http
    fate: Fate

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it."""
        step = step_of(request)
        self.fate.begins([step])
        self.fate.goes_on(step)
        try:
            return self.line.send(request)
        finally:
            self.fate.is_done([step])


def step_of(request: HttpRequest) -> str:
    """A call's name: "POST invoice", "POST invoice void", "GET query Invoice"."""
    address = urlsplit(request.url)
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    word = asked.get("query", "").lower().partition(" from ")[2].split(" ")[0] or asked.get("operation", "")
    parts = [part for part in address.path.split("/") if part and not part.isdigit()]
    return " ".join(part for part in (request.method, parts[-1], word) if part)
