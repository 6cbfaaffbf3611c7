"""The tasks: each runs one verb of a lower room inside an app context, and never lets an error stop the worker."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from flask import Flask
from sqlalchemy.exc import InterfaceError, OperationalError

from app.billing.importing import runs
from app.billing.importing.carrying import carry_out
from app.foundation import sqlite
from app.foundation.database import db
from app.foundation.logs import logger
from app.foundation.mail import send_due_mail
from app.foundation.tenancy import acting_for, everywhere
from app.outbox.models import Lane, Mode
from app.sync.company import keeping
from app.sync.engine import Engine
from app.sync.importing import carrying as importing_carrying
from app.sync.importing import runs as importing_runs
from app.sync.listening import catchup, claimed, heartbeats, pull, unpacking
from app.sync.reconciling import reconcile
from app.sync.telling import restoring, stranded, sweep
from app.sync.telling.drain import drain
from app.sync.watching import retention
from app.worker.rota import Place, Rota
from app.worker.watermark import Watermark


class Tasks:
    """What this process does when a hint or the sweep asks for it."""

    def __init__(self, app: Flask, engine: Engine, watermark: Watermark) -> None:
        self._app, self._engine, self._watermark = app, engine, watermark
        self._knows_how_far = False
        """Whether the database was compared with the mark: nothing is told before."""
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
        if not self._knows_how_far:  # the database was away when this worker began, or since
            self.notice_a_restore()
        more: list[bool] = []
        told = partial(drain, self._engine, *place, may_go_on=self.rota.may_go_on)
        self._safely("drain", lambda: more.append(told()))
        self.rota.give_back(place, more=any(more))

    def close(self) -> None:
        """Begin nothing more, not even a call of what has begun; a call on the line may end."""
        self._engine.quickbooks.governor.close()
        self.rota.close()

    def notice_a_restore(self) -> None:
        """Before anything is sent: what waits in a database that was restored from a backup is looked for first."""
        self._safely("restore", self._notice_a_restore)

    def _notice_a_restore(self) -> None:
        """Where the mark was lost too, or can't be read, nobody knows how far it had come: then that is no less."""
        come = self._compare(self._mark(), unmarked_is_older=True)
        self._knows_how_far = True  # even where no mark can be left: else each lane would be looked up for ever
        self._watermark.leave(come)

    def _leave_how_far(self) -> None:
        """The database may be restored while we run; that the store of hints is away for a moment says nothing here."""
        self._watermark.leave(self._compare(self._watermark.read(), unmarked_is_older=False))

    def _compare(self, left: int | None, *, unmarked_is_older: bool) -> int:
        """How far the database has come; where that may be less far than the mark says, what waits is looked for first.

        The mark is read before: between the two another worker may take the database further, but never back.
        """
        come = restoring.how_far()
        may_be_older = unmarked_is_older and come > 0 if left is None else come < left
        if may_be_older:
            companies = restoring.declare()
            logger().warning("the database may be older than the mark", come=come, left=left, companies=companies)
        return come

    def _mark(self) -> int | None:
        left: list[int | None] = [None]
        self._safely("read the watermark", lambda: left.append(self._watermark.read()))
        return left[-1]

    def beat(self) -> None:
        """Say that this worker lives, and how far the database has come."""
        self._safely("heartbeat", lambda: heartbeats.beat(self._engine.owner))
        if self._knows_how_far:
            self._safely("watermark", self._leave_how_far)

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
        """Free what is stranded, renew quiet connections, tell of ends that are near.

        One that stumbles holds up nobody else's.
        """
        self._safely("free what is stranded", stranded.free)
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
        except Exception as problem:  # noqa: BLE001 - no trouble must end the worker; the rows say what is due
            if isinstance(problem, OperationalError | InterfaceError):
                self._knows_how_far = False  # the database was away, and may have come back as it was before
            # A full disk takes no log line either, and then the lane would be served no more, nor its thread others.
            with suppress(Exception):
                logger().error("a task failed", task=name, exc_info=True)


def _waiting_imports() -> list[tuple[int, int]]:
    with everywhere():
        return runs.running_runs()


def _carry_out(organisation_id: int, run_id: int) -> None:
    with acting_for(organisation_id):
        carry_out(run_id)
