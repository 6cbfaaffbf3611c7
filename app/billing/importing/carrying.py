"""Carrying an import out: chunk by chunk in short transactions, so that a killed worker's run goes on from there.

A chunk decides anew inside its own transaction, over what is here by then, and moves the run's position with it. Two
workers on one run can't do a chunk twice: the run's row is locked, and the second goes on where the first came to.
"""

from __future__ import annotations

from collections.abc import Callable

from app.billing.importing.chunk import Chunk
from app.billing.importing.parties import first_descriptions
from app.billing.importing.records import Understood
from app.billing.importing.run import ImportRun, RunState
from app.billing.importing.runs import documents_of
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.errors import BadInputError

CHUNK = 50
"""Documents in one transaction: about a tenth of a second, so that nobody else waits long for the write lock."""


def carry_out(run_id: int, *, progress: Callable[[int, int], None] | None = None) -> ImportRun:
    """Carry out what is left of a run; opens transactions of its own. Returns the run as it ended.

    `progress` hears (documents dealt with, documents in all) after each chunk. A file that can't be read ends the
    run as failed, with the reason in `problem`.
    """
    run = db.session.get_one(ImportRun, run_id)
    try:
        found = documents_of(run)
    except BadInputError as problem:
        _end(run_id, RunState.FAILED, problem.message)
        return db.session.get_one(ImportRun, run_id)
    end_reading()
    descriptions = first_descriptions(found)
    while _next_chunk(run_id, found, descriptions):
        run = db.session.get_one(ImportRun, run_id)
        if progress:
            progress(run.position, run.documents)
        end_reading()
    return db.session.get_one(ImportRun, run_id)


def _next_chunk(run_id: int, found: list[Understood], descriptions: dict[str, str]) -> bool:
    with transaction():
        run = db.session.get_one(ImportRun, run_id, with_for_update=True)
        if run.state is not RunState.RUNNING:
            return False
        chunk = found[run.position : run.position + CHUNK]
        Chunk(run).carry(chunk, descriptions)
        run.documents = len(found)
        run.position += len(chunk)
        if run.position >= len(found):
            run.state, run.finished_at = RunState.DONE, clock.now()
        return True


def _end(run_id: int, state: RunState, problem: str) -> None:
    with transaction():
        run = db.session.get_one(ImportRun, run_id)
        run.state, run.problem, run.finished_at = state, problem, clock.now()
