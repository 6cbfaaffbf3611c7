"""Carrying an import out: chunk by chunk in short transactions, so that a killed worker's run goes on from there.

A chunk decides anew inside its own transaction, over what is here by then, and moves the run's position with it. Two
workers on one run can't do a chunk twice: the run's row is locked, and the second goes on where the first came to.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.exc import OperationalError

from app.billing.importing.chunk import Chunk, refuse
from app.billing.importing.parties import first_descriptions
from app.billing.importing.records import Refusal, Understood
from app.billing.importing.run import ImportRun, RunState
from app.billing.importing.runs import documents_of
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.errors import BadInputError, PortalError
from app.foundation.logs import logger

CHUNK = 50
"""Documents in one transaction: about a tenth of a second, so that nobody else waits long for the write lock."""
_UNREADABLE = "The file could not be read; what stood against it was noted in the portal's own log."
_DEFECT = "it could not be stored; what stood against it was noted in the portal's own log"


def carry_out(run_id: int, *, progress: Callable[[int, int], None] | None = None) -> ImportRun:
    """Carry out what is left of a run; opens transactions of its own. Returns the run as it ended.

    `progress` hears (documents dealt with, documents in all) after each chunk. A file that can't be read ends the
    run as failed, with the reason in `problem`.
    """
    run = db.session.get_one(ImportRun, run_id)
    try:
        found = documents_of(run)
    except BadInputError as problem:
        return _failed(run_id, problem.message)
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001 - a run that stayed open would read its file again each second
        logger().error("the file of an import could not be read", run=run_id, exc_info=True)
        return _failed(run_id, _UNREADABLE)
    end_reading()
    descriptions = first_descriptions(found)
    while _next_chunk(run_id, found, descriptions):
        run = db.session.get_one(ImportRun, run_id)
        if progress:
            progress(run.position, run.documents)
        end_reading()
    return db.session.get_one(ImportRun, run_id)


def _next_chunk(run_id: int, found: list[Understood], descriptions: dict[str, str]) -> bool:
    """The next documents together; where one of them can't be written, each by itself, so that only that one is not."""
    try:
        return _written(run_id, found, descriptions, CHUNK)
    except OperationalError:
        raise  # the database is busy or away: the run goes on from here later
    except Exception:  # noqa: BLE001 - what stands in a file may be anything, and must not hold up its neighbours
        return all(_next_alone(run_id, found, descriptions) for _one in range(CHUNK))


def _next_alone(run_id: int, found: list[Understood], descriptions: dict[str, str]) -> bool:
    try:
        return _written(run_id, found, descriptions, 1)
    except OperationalError:
        raise
    except PortalError as problem:
        return _refused(run_id, found, problem.message)
    except Exception:  # noqa: BLE001 - refused by name, where a person looks
        logger().error("a document of an import could not be written", run=run_id, exc_info=True)
        return _refused(run_id, found, _DEFECT)


def _written(run_id: int, found: list[Understood], descriptions: dict[str, str], most: int) -> bool:
    with transaction():
        run = db.session.get_one(ImportRun, run_id, with_for_update=True)
        if run.state is not RunState.RUNNING:
            return False
        chunk = found[run.position : run.position + most]
        Chunk(run).carry(chunk, descriptions)
        _move_on(run, len(chunk), of=len(found))
        return True


def _refused(run_id: int, found: list[Understood], reason: str) -> bool:
    with transaction():
        run = db.session.get_one(ImportRun, run_id, with_for_update=True)
        if run.state is not RunState.RUNNING:
            return False
        one = found[run.position]
        refuse(run, one.number, [Refusal("not_written", reason, one.lines)])
        _move_on(run, 1, of=len(found))
        return True


def _move_on(run: ImportRun, dealt_with: int, *, of: int) -> None:
    run.documents = of
    run.position += dealt_with
    if run.position >= of:
        run.state, run.finished_at = RunState.DONE, clock.now()


def _failed(run_id: int, problem: str) -> ImportRun:
    with transaction():
        run = db.session.get_one(ImportRun, run_id)
        run.state, run.problem, run.finished_at = RunState.FAILED, problem, clock.now()
    return db.session.get_one(ImportRun, run_id)
