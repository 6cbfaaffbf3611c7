"""Carrying an import of documents out: portion by portion, so that a killed worker's run goes on from there.

A portion decides anew inside its own transaction and moves the run's position with it. Two workers on one run can't
write a portion twice: the run's row is locked, and the second leaves out what the first has dealt with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy.exc import OperationalError

from app.billing.entity import BillingEntity
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.logs import logger
from app.foundation.tenancy import acting_for
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.models import Connection
from app.quickbooks.ties import TIED
from app.sync.comparing import late_payments
from app.sync.comparing.pictures import Key
from app.sync.importing import documents as importing_documents
from app.sync.importing.documents import key_of
from app.sync.importing.offers import Place
from app.sync.importing.runs import DocumentImport, ImportState
from app.sync.records.holding import hold

PORTION = 50
"""Documents in one transaction: some tenths of a second, so that nobody else waits long for the write lock."""
_LEFT = "QuickBooks was disconnected, or another company was connected. What was imported before stays."
_DEFECT = "Something unexpected happened; it was noted in the portal's own log. What was imported stays."

Found = tuple[Key, DocumentSeen]


def carry_out(organisation_id: int, run_id: int) -> None:
    """Carry out what is left of a run; its row tells progress and outcome, whatever happens."""
    with acting_for(organisation_id):
        try:
            _carry_out(run_id)
        except OperationalError:
            raise  # the database is busy or away: the run goes on from here later
        except Exception:  # noqa: BLE001 - a run that stayed open would be begun again every second
            logger().error("an import from QuickBooks failed", run=run_id, exc_info=True)
            _end(run_id, ImportState.FAILED, _DEFECT)


def left(run_id: int) -> list[Found]:
    """What is still to be dealt with, in its order."""
    run = db.session.get_one(DocumentImport, run_id)
    position = run.position
    found = importing_documents.theirs(run.connection_id, run.since)
    end_reading()
    return [(key, seen) for key, seen in found.items() if key_of(key) > position]


def write(run_id: int, portion: Sequence[Found], *, of: int) -> bool:
    """Write a portion in a transaction of its own; False where the run has ended. `of` is how many were left at first.

    What another worker has dealt with meanwhile is left out. A company that was left is none of ours any more: what is
    made from it would be offered to the one that took its place.
    """
    with transaction() as session:
        state = hold(session.get_one(DocumentImport, run_id).connection_id)
        run = session.get_one(DocumentImport, run_id, with_for_update=True, populate_existing=True)
        if run.state is not ImportState.RUNNING:
            return False
        if state not in TIED:
            run.state, run.problem, run.ended_at = ImportState.STOPPED, _LEFT, clock.now()
            return False
        run.documents = run.documents or of
        fresh = {key: seen for key, seen in portion if key_of(key) > run.position}
        done = importing_documents.take(_place(run), fresh, run.actor)
        run.made += done.made
        run.dealt_with += len(fresh)
        run.position = max((run.position, *map(key_of, fresh)))
    return True


def _carry_out(run_id: int) -> None:
    todo = left(run_id)
    if all(write(run_id, portion, of=len(todo)) for portion in _portions(todo)):
        _end(run_id, ImportState.DONE, None)


def _portions(todo: Sequence[Found]) -> Iterator[Sequence[Found]]:
    for start in range(0, len(todo), PORTION):
        yield todo[start : start + PORTION]


def _end(run_id: int, state: ImportState, problem: str | None) -> None:
    with transaction() as session:
        run = session.get_one(DocumentImport, run_id, with_for_update=True, populate_existing=True)
        if run.state is not ImportState.RUNNING:
            return
        run.state, run.problem, run.ended_at = state, problem, clock.now()
        if run.made:
            late_payments.ask(run.connection_id, run.asked_by)


def _place(run: DocumentImport) -> Place:
    connection = db.session.get_one(Connection, run.connection_id)
    return Place(db.session.get_one(BillingEntity, connection.billing_entity_id), connection)
