"""The tasks: each runs one verb of a lower room inside an app context, and never lets an error stop the worker."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Flask

from app.billing.importing import runs
from app.billing.importing.carrying import carry_out
from app.foundation import sqlite
from app.foundation.database import db
from app.foundation.logs import logger
from app.foundation.mail import send_due_mail
from app.foundation.tenancy import acting_for, everywhere
from app.outbox.models import Lane, Mode
from app.sync import (
    catchup,
    claimed,
    heartbeats,
    importing_carrying,
    importing_runs,
    keeping,
    pull,
    reconcile,
    retention,
    sweep,
    unpacking,
)
from app.sync.drain import drain
from app.sync.engine import Engine
from app.worker.rota import Place, Rota


class Tasks:
    """What this process does when a hint or the sweep asks for it."""

    def __init__(self, app: Flask, engine: Engine) -> None:
        self._app, self._engine = app, engine
        self.rota = Rota()

    def hear(self, organisation_id: int, billing_entity_id: int, mode: str) -> None:
        """A hint: something was posted in this lane."""
        self.rota.ask((organisation_id, Lane(billing_entity_id, Mode(mode))))

    def sweep(self) -> None:
        """Give every lane in which something is due a place in the rota: hints are only a convenience."""
        self._safely("sweep", self._offer_lanes)

    def serve(self) -> None:
        """Tell lane after lane, as it is their turn, until the rota is closed; for a thread of its own."""
        while place := self.rota.take():
            self.tell(place)

    def tell(self, place: Place) -> None:
        """Tell QuickBooks what is due in the lane whose turn it is."""
        more: list[bool] = []
        told = partial(drain, self._engine, *place, may_go_on=self.rota.may_go_on)
        self._safely("drain", lambda: more.append(told()))
        self.rota.give_back(place, more=any(more))

    def close(self) -> None:
        """Begin nothing more, not even a call of what has begun; a call on the line may end."""
        self._engine.quickbooks.governor.close()
        self.rota.close()

    def beat(self) -> None:
        """Say that this worker lives."""
        self._safely("heartbeat", lambda: heartbeats.beat(self._engine.owner))

    def listen(self) -> None:
        """Open deliveries of webhooks and take in what their events point to, until no more wait than one look takes.

        By turns, so that neither of the two waits for a backlog of the other.
        """
        while self._listen_once() and not self.rota.is_closed:
            pass

    def _listen_once(self) -> bool:
        """Whether as much was found as one look takes, so that more may wait."""
        opened: list[int] = []
        settled: list[int] = []
        self._safely("open deliveries", lambda: opened.append(unpacking.open_deliveries()))
        self._safely("take in events", lambda: settled.append(pull.work(self._engine)))
        return sum(opened) >= unpacking.A_LOOK or sum(settled) >= claimed.AT_ONCE

    def catch_up(self) -> None:
        """Ask what changed wherever webhooks may have been missed."""
        self._safely("catch up", lambda: catchup.work(self._engine))

    def compare(self) -> None:
        """Ask for the nights that have come, and carry out every comparison that waits; a night's after catching up."""
        self._safely("claim nights", sweep.claim_nights)
        waiting: list[tuple[int, int]] = []
        self._safely("look for comparisons", lambda: waiting.extend(sweep.waiting_runs()))
        for organisation_id, run_id in waiting:
            self._safely("catch up", partial(catchup.ahead_of, self._engine, run_id, organisation_id))
            self._safely("reconcile", partial(reconcile.run, self._engine, run_id, organisation_id))

    def imports(self) -> None:
        """Carry out imports that wait or were interrupted; one that stumbles holds up nobody else's."""
        waiting: list[tuple[int, int]] = []
        self._safely("look for imports", lambda: waiting.extend(_waiting_imports()))
        for organisation_id, run_id in waiting:
            self._safely("import", partial(_carry_out, organisation_id, run_id))
        history: list[tuple[int, int]] = []
        self._safely("look for imports of documents", lambda: history.extend(importing_runs.waiting()))
        for organisation_id, run_id in history:
            self._safely("import documents", partial(importing_carrying.carry_out, organisation_id, run_id))

    def look_after(self) -> None:
        """Renew quiet connections, and tell of ends that are near; one that stumbles holds up nobody else's."""
        tied: list[tuple[int, int]] = []
        self._safely("look for connections", lambda: tied.extend(keeping.connections()))
        for organisation_id, connection_id in tied:
            self._safely("look after", partial(keeping.look_after, self._engine, organisation_id, connection_id))
        self._safely("look at meters", partial(keeping.look_at_meters, self._engine))

    def retain(self) -> None:
        """Take away a few rows that are old and no longer needed."""
        self._safely("retention", lambda: retention.step(self._engine.settings))

    def learn_sizes(self) -> None:
        """Keep the database's picture of its own tables fresh."""
        self._safely("learn sizes", lambda: sqlite.learn_sizes(db.engine))

    def mail(self) -> None:
        """Send what is due."""
        self._safely("mail", send_due_mail)

    def _offer_lanes(self) -> None:
        for place in sorted(sweep.lanes_with_work(self._engine.has_ended)):
            self.rota.offer(place)

    def _safely(self, name: str, work: Callable[[], object]) -> None:
        """Leaving the context gives the session back; even that may fail, and must not end the thread of a chore."""
        try:
            with self._app.app_context():
                work()
        except Exception:  # noqa: BLE001 - one lane's trouble must never end the worker; the rows say what is due
            logger().error("a task failed", task=name, exc_info=True)


def _waiting_imports() -> list[tuple[int, int]]:
    with everywhere():
        return runs.running_runs()


def _carry_out(organisation_id: int, run_id: int) -> None:
    with acting_for(organisation_id):
        carry_out(run_id)
