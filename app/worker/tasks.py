"""The tasks: each runs one verb of a lower room inside an app context, and never lets an error stop the worker."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Flask

from app.billing.importing import runs
from app.billing.importing.carrying import carry_out
from app.foundation import clock
from app.foundation.logs import logger
from app.foundation.mail import send_due_mail
from app.foundation.tenancy import acting_for, everywhere
from app.outbox.models import Lane, Mode
from app.sync import heartbeats, pull, reconcile, sweep, unpacking
from app.sync.drain import drain
from app.sync.engine import Engine
from app.worker.bell import Bell

_RING_AGAIN_AFTER = 2.0
"""Seconds after which a lane that is still due is rung anew: the hint may have been lost with a killed process."""


class Tasks:
    """What this process does when a hint or the sweep asks for it."""

    def __init__(self, app: Flask, engine: Engine, bell: Bell) -> None:
        self._app, self._engine, self._bell = app, engine, bell
        self._rung: dict[Lane, float] = {}

    def drain(self, organisation_id: int, billing_entity_id: int, mode: str) -> None:
        """Tell QuickBooks what is due in a lane; rings again when there is more."""
        lane = Lane(billing_entity_id, Mode(mode))

        def work() -> None:
            if drain(self._engine, organisation_id, lane):
                self._bell.ring(organisation_id, lane)

        self._safely("drain", work)

    def sweep(self) -> None:
        """Ring every lane in which something is due; one rung just now is left alone, its hint is on its way.

        Where the bell can't be rung, the lanes are drained here, one after the other: hints are only a convenience.
        """
        unheard: list[tuple[int, Lane]] = []
        self._safely("sweep", lambda: unheard.extend(self._ring_lanes()))
        for organisation_id, lane in unheard:
            self.drain(organisation_id, lane.billing_entity_id, lane.mode.value)

    def beat(self) -> None:
        """Say that this worker lives."""
        self._safely("heartbeat", lambda: heartbeats.beat(self._engine.owner))

    def listen(self) -> None:
        """Open deliveries of webhooks and take in what their events point to."""
        self._safely("open deliveries", unpacking.open_deliveries)
        self._safely("take in events", lambda: pull.work(self._engine))

    def compare(self) -> None:
        """Ask for the nights that have come, and carry out every comparison that waits."""
        self._safely("claim nights", sweep.claim_nights)
        waiting: list[tuple[int, int]] = []
        self._safely("look for comparisons", lambda: waiting.extend(sweep.waiting_runs()))
        for organisation_id, run_id in waiting:
            self._safely("reconcile", partial(reconcile.run, self._engine, run_id, organisation_id))

    def imports(self) -> None:
        """Carry out imports that wait or were interrupted; one that stumbles holds up nobody else's."""
        waiting: list[tuple[int, int]] = []
        self._safely("look for imports", lambda: waiting.extend(_waiting_imports()))
        for organisation_id, run_id in waiting:
            self._safely("import", partial(_carry_out, organisation_id, run_id))

    def mail(self) -> None:
        """Send what is due."""
        self._safely("mail", send_due_mail)

    def _ring_lanes(self) -> list[tuple[int, Lane]]:
        """Returns the lanes for which the bell could not be rung."""
        now = clock.monotonic()
        unheard: list[tuple[int, Lane]] = []
        for organisation_id, lane in sweep.lanes_with_work():
            if now - self._rung.get(lane, now - _RING_AGAIN_AFTER) < _RING_AGAIN_AFTER:
                continue
            if self._bell.ring(organisation_id, lane):
                self._rung[lane] = now
            else:
                unheard.append((organisation_id, lane))
        return unheard

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
