"""Imports as people see them: a file handed in, its dry run, its progress, its refusals."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from sqlalchemy import func, select

from app.billing.conventions import conventions_of
from app.billing.entities import lay_out_usual_codes
from app.billing.entity import BillingEntity
from app.billing.importing.planning import ImportPlan, decide
from app.billing.importing.profiles import PROFILES, Profile, dated
from app.billing.importing.reader import MAX_BYTES
from app.billing.importing.records import Understood
from app.billing.importing.run import ImportFile, ImportRefusal, ImportRun, RunState
from app.billing.importing.snapshot import settings_of, snapshot
from app.billing.importing.understanding import understand
from app.billing.queries import PER_PAGE, Page
from app.billing.timeline import Actor
from app.foundation import clock
from app.foundation.database import db
from app.foundation.errors import BadInputError, ConflictError

_PIECE = 1024 * 1024
_IN_MEMORY = 8 * _PIECE


def hand_in(
    entity: BillingEntity, profile: str, file: tuple[str, BinaryIO], *, open_documents: bool = True, actor: Actor
) -> ImportRun:
    """Keep a file, given as (name, stream), for a dry run and the worker; in the caller's transaction.

    Raises BadInputError for an unknown profile or a file over 50 MB; whether it can be read, the dry run tells.
    """
    if profile not in PROFILES:
        raise BadInputError("profile", f"There is no profile '{profile}'; known are {', '.join(PROFILES)}.")
    lay_out_usual_codes(entity)
    name, stream = file
    run = ImportRun(
        billing_entity_id=entity.id,
        profile=profile,
        file_name=name[-255:],
        file_bytes=0,
        open_documents=open_documents,
        started_by=actor.name,
        started_by_id=actor.id,
        uploaded_at=clock.now(),
    )
    db.session.add(run)
    db.session.flush()
    _keep(run, stream)
    return run


def start(run: ImportRun) -> None:
    """Let the worker carry it out. Raises ConflictError unless it was only handed in."""
    db.session.refresh(run, with_for_update=True)
    if run.state is not RunState.UPLOADED:
        raise ConflictError("This import was started or cancelled already.")
    run.state = RunState.RUNNING


def cancel(run: ImportRun) -> None:
    """Stop an import; what it made stays. Raises ConflictError when it has ended."""
    db.session.refresh(run, with_for_update=True)
    if run.state not in {RunState.UPLOADED, RunState.RUNNING}:
        raise ConflictError("This import has ended already.")
    run.state, run.finished_at = RunState.CANCELLED, clock.now()


def dry_run(run: ImportRun) -> ImportPlan:
    """What carrying it out would do now; only reads. Raises BadInputError for a file that can't be read."""
    entity = db.session.get_one(BillingEntity, run.billing_entity_id)
    found = documents_of(run)
    numbers = [understood.number for understood in found]
    here = snapshot(entity, run.profile, numbers, settings_of(entity))
    return ImportPlan([decide(understood, here) for understood in found])


def documents_of(run: ImportRun) -> list[Understood]:
    """The documents of a run's file, in its order."""
    with read_back(run) as stream:
        return understand(stream, profile_of(run))


def profile_of(run: ImportRun) -> Profile:
    """The profile a run is read by, its dates as the billing entity's country writes them."""
    entity = db.session.get_one(BillingEntity, run.billing_entity_id)
    return dated(PROFILES[run.profile], conventions_of(entity.country).day_order)


def read_back(run: ImportRun) -> BinaryIO:
    """The file as it was handed in; the caller closes it."""
    stream = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    pieces = select(ImportFile.content).where(ImportFile.run_id == run.id).order_by(ImportFile.position)
    for piece in db.session.scalars(pieces.execution_options(yield_per=1)):
        stream.write(zlib.decompress(piece))
    stream.seek(0)
    return cast("BinaryIO", stream)


def refusals(run: ImportRun, *, page: int = 1) -> Page[ImportRefusal]:
    """One page of what a run refused, in the order of the file."""
    of_run = select(ImportRefusal).where(ImportRefusal.run_id == run.id)
    total = db.session.scalar(select(func.count()).select_from(of_run.subquery())) or 0
    rows = db.session.scalars(of_run.order_by(ImportRefusal.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return Page(list(rows), page, total)


def refusal_counts(run: ImportRun) -> dict[str, int]:
    """How many refusals of a run have which code."""
    counted = select(ImportRefusal.code, func.count(ImportRefusal.id)).where(ImportRefusal.run_id == run.id)
    return {code: int(count) for code, count in db.session.execute(counted.group_by(ImportRefusal.code))}


def recent_runs(limit: int = 20) -> list[ImportRun]:
    """The newest imports first."""
    return list(db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(limit)))


def running_runs() -> list[tuple[int, int]]:
    """Imports that wait to be carried out or gone on with, as (organisation id, run id); for the worker's sweep."""
    wanted = select(ImportRun.organisation_id, ImportRun.id).where(ImportRun.state == RunState.RUNNING)
    return [(organisation, run) for organisation, run in db.session.execute(wanted.order_by(ImportRun.id))]


def _keep(run: ImportRun, stream: BinaryIO) -> None:
    for position, piece in enumerate(_pieces(stream)):
        run.file_bytes += len(piece)
        if run.file_bytes > MAX_BYTES:
            raise BadInputError("file", f"The file is larger than {MAX_BYTES // _PIECE} MB.")
        db.session.add(ImportFile(run_id=run.id, position=position, content=zlib.compress(piece, 1)))
        db.session.flush()


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece
