"""Imports of documents from QuickBooks: who asked, from which day on, and how far the worker has come."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from app.billing.timeline import Actor
from app.foundation import clock
from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base, db, end_reading
from app.foundation.errors import ConflictError
from app.foundation.tenancy import OrganisationRow, everywhere
from app.quickbooks.models import Connection
from app.sync.comparing import late_payments


class ImportState(StrEnum):
    """The life of an import."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class DocumentImport(OrganisationRow, Base):
    """One import. What was made stays, whatever becomes of the rest."""

    __tablename__ = "document_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), index=True)
    since: Mapped[date]
    """Documents dated earlier are not looked at."""
    state: Mapped[ImportState] = mapped_column(enum_of(ImportState), default=ImportState.RUNNING, index=True)
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_by_id: Mapped[int | None]
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    position: Mapped[str] = mapped_column(String(80), default="")
    """The last document that was dealt with; those behind it are still to come."""
    documents: Mapped[int] = mapped_column(default=0)
    """How many there are; nought until they were counted."""
    dealt_with: Mapped[int] = mapped_column(default=0)
    made: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(Text)

    @property
    def actor(self) -> Actor:
        """Who asked, as timelines name them."""
        return Actor(self.asked_by_id, self.asked_by)

    @property
    def left_out(self) -> int:
        """How many of those dealt with are not here: the preview says of each why."""
        return self.dealt_with - self.made


def start(connection: Connection, since: date, actor: Actor) -> DocumentImport:
    """Let the worker import, in the caller's transaction; an import that runs is not begun a second time."""
    db.session.refresh(connection, with_for_update=True)
    run = under_way(connection.id)
    if run is None:
        run = DocumentImport(connection_id=connection.id, since=since, asked_by=actor.name, asked_by_id=actor.id)
        run.asked_at = clock.now()
        db.session.add(run)
        db.session.flush()
    return run


def under_way(connection_id: int) -> DocumentImport | None:
    """The import that runs, if any."""
    running = select(DocumentImport).where(
        DocumentImport.connection_id == connection_id, DocumentImport.state == ImportState.RUNNING
    )
    return db.session.scalars(running.order_by(DocumentImport.id.desc()).limit(1)).first()


def stop(run_id: int) -> DocumentImport:
    """Stop it after the portion that is being written, in the caller's transaction. Raises ConflictError at its end."""
    run = db.session.get_one(DocumentImport, run_id, with_for_update=True, populate_existing=True)
    if run.state is not ImportState.RUNNING:
        raise ConflictError("This import has ended already.")
    run.state, run.ended_at = ImportState.STOPPED, clock.now()
    if run.made:
        late_payments.ask(run.connection_id, run.asked_by)
    return run


def waiting() -> list[tuple[int, int]]:
    """(organisation id, run id) of all that are to be begun or gone on with."""
    with everywhere():
        running = select(DocumentImport.organisation_id, DocumentImport.id).where(
            DocumentImport.state == ImportState.RUNNING
        )
        rows = db.session.execute(running.order_by(DocumentImport.id)).all()
    end_reading()
    return [(organisation_id, run_id) for organisation_id, run_id in rows]
