"""A process that drains a lane with the real engine and kills itself, as a power cut would, at a chosen instruction.

The switch hangs on ports and on the session's own events; the engine knows nothing of it.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from typing import Any, NamedTuple

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.factory import create_app
from app.foundation import clock
from app.foundation.database import db, end_reading
from app.foundation.tenancy import acting_for
from app.outbox import lanes
from app.outbox.models import Lane, MessageState
from app.quickbooks.client import QuickBooks
from app.quickbooks.ports import Http, HttpAnswer, HttpRequest
from app.quickbooks.transport import RequestsHttp
from app.sync.drain import drain
from app.sync.engine import Engine
from tests.simulation import settings_at

SHORT = {"single_call_seconds": 0.5, "batch_call_seconds": 1.0, "lease_margin_seconds": 0.2}
"""Leases that end soon after their holder, in seconds."""
PATIENCE_SECONDS = 40.0
GAVE_UP = 3


class Point(NamedTuple):
    """The n-th time that something happens: "commit" or "send", just before or just after it."""

    what: str
    side: str
    number: int

    def __str__(self) -> str:
        return f"{self.side} {self.what} {self.number}"


@dataclass
class Fate:
    """Counts what happens, and dies at its point."""

    point: Point | None
    seen: Counter[str] = field(default_factory=Counter)

    def passes(self, what: str, side: str) -> None:
        """Something is about to happen, or has just happened."""
        self.seen[f"{side} {what}"] += 1
        if self.point == Point(what, side, self.seen[f"{side} {what}"]):
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class MortalHttp:
    """A line whose owner may die before the first byte leaves, or with the answer in its hands."""

    line: Http
    fate: Fate

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it."""
        self.fate.passes("send", "before")
        answer = self.line.send(request)
        self.fate.passes("send", "after")
        return answer


@dataclass(frozen=True)
class Order:
    """What a process is told to do: everything that is due in this lane."""

    base: str
    database_url: str
    organisation_id: int
    lane: Lane
    point: Point | None = None


def live(order: Order, report: Pipe) -> None:
    """Drain until nothing is due; tell how often each thing happened."""
    settings = settings_at(order.base, order.database_url, log_format="json", **SHORT)
    fate = Fate(order.point)
    with create_app(settings).app_context(), acting_for(order.organisation_id):
        quickbooks = QuickBooks(MortalHttp(RequestsHttp(), fate), settings, settings.sealer())
        engine = Engine(quickbooks, settings, owner=f"mortal:{os.getpid()}")
        event.listen(Session, "before_commit", lambda _session: fate.passes("commit", "before"))
        event.listen(Session, "after_commit", lambda _session: fate.passes("commit", "after"))
        _drain_all(engine, order)
        db.engine.dispose()
    report.send(dict(fate.seen))


def _drain_all(engine: Engine, order: Order) -> None:
    until = clock.monotonic() + PATIENCE_SECONDS
    while clock.monotonic() < until:
        drain(engine, order.organisation_id, order.lane)
        if not has_more(order.lane):
            return
        clock.sleep(0.02)
    os._exit(GAVE_UP)


def has_more(lane: Lane) -> bool:
    """Whether something flies or waits for its turn."""
    end_reading()
    more = lanes.counts(lane).get(MessageState.SENDING, 0) > 0 or lanes.next_due_at(lane) is not None
    end_reading()
    return more


def run(order: Order) -> tuple[int, dict[str, int]]:
    """Let a process live by itself; (its exit code, what it counted)."""
    context: Any = get_context("forkserver")  # forked from a process that has imported everything and has no threads
    context.set_forkserver_preload([__name__])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=live, args=(order, theirs))
    process.start()
    theirs.close()
    process.join()
    try:
        return process.exitcode, ours.recv()
    except EOFError:
        return process.exitcode, {}
    finally:
        ours.close()
        process.close()
