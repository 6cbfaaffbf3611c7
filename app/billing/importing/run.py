"""One import: the file, how far it came, and what it refused; a killed worker's run goes on from here."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base
from app.foundation.tenancy import OrganisationRow


class RunState(StrEnum):
    """The life of an import."""

    UPLOADED = "uploaded"
    """The file is here; a dry run may be looked at."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """The file as a whole can't be read; `problem` says why."""
    CANCELLED = "cancelled"


class ImportRun(OrganisationRow, Base):
    """One file that is or was imported into one billing entity."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    billing_entity_id: Mapped[int] = mapped_column(ForeignKey("billing_entity.id"))
    profile: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(255))
    file_bytes: Mapped[int]
    open_documents: Mapped[bool] = mapped_column(default=True)
    """Whether what is new is opened at once; else it stays a draft."""
    state: Mapped[RunState] = mapped_column(enum_of(RunState), default=RunState.UPLOADED)
    problem: Mapped[str | None] = mapped_column(Text)
    documents: Mapped[int] = mapped_column(default=0)
    """How many the file holds; nought until it was read."""
    position: Mapped[int] = mapped_column(default=0)
    """How many of them are dealt with, in the order of the file; the next chunk begins there."""
    made: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    started_by: Mapped[str] = mapped_column(String(200), default="")
    started_by_id: Mapped[int | None]
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def percent(self) -> int:
        """How far it came, from 0 to 100."""
        return 100 * self.position // self.documents if self.documents else 0


class ImportFile(OrganisationRow, Base):
    """A piece of the file, compressed: in the database, for the worker may run on another machine than the upload."""

    __tablename__ = "import_file"
    __table_args__ = (Index("ix_import_file_run", "run_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    position: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))


class ImportRefusal(OrganisationRow, Base):
    """A document of a file that was not taken, with the lines to look at and the reason."""

    __tablename__ = "import_refusal"
    __table_args__ = (Index("ix_import_refusal_run", "run_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(String(200))
    """The document's number as the file has it."""
    lines: Mapped[str] = mapped_column(String(200))
    """The lines of the file, as "12-15, 40"; line 1 is the header."""
    code: Mapped[str] = mapped_column(String(40))
    """The kind of reason ("zero_total"), for counting."""
    reason: Mapped[str] = mapped_column(Text)
