"""What a person has put aside on a mapping page: not asked about any more; a document that needs it still waits."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation import clock
from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base, db
from app.foundation.tenancy import OrganisationRow


class SkippedKind(StrEnum):
    """What may be put aside: what the mapping pages ask about, each as its kind of mapping is called, and clients."""

    SERVICE = "service"
    TAX_CODE = "tax_code"
    TERM = "term"
    CLASS = "class"
    LOCATION = "location"
    INCOME_ACCOUNT = "income_account"
    CLIENT = "client"
    """Without a customer; what is mapped of a client is its location."""


class Skipped(OrganisationRow, Base):
    """One record of ours that was put aside for one connection."""

    __tablename__ = "skipped_mapping"
    __table_args__ = (UniqueConstraint("connection_id", "kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    kind: Mapped[SkippedKind] = mapped_column(enum_of(SkippedKind))
    subject_id: Mapped[int]
    skipped_by: Mapped[str] = mapped_column(String(200))
    skipped_at: Mapped[datetime] = mapped_column(UTCDateTime)


def skip(connection_id: int, kind: SkippedKind, subject_id: int, *, by: str) -> None:
    """Put it aside, in the caller's transaction; twice is once."""
    if _of(connection_id, kind, subject_id) is None:
        row = Skipped(connection_id=connection_id, kind=kind, subject_id=subject_id, skipped_by=by)
        row.skipped_at = clock.now()
        db.session.add(row)


def take_up(connection_id: int, kind: SkippedKind, subject_id: int) -> None:
    """Ask about it again, in the caller's transaction."""
    row = _of(connection_id, kind, subject_id)
    if row is not None:
        db.session.delete(row)


def skipped(connection_id: int, kind: SkippedKind) -> dict[int, str]:
    """{our id: who put it aside}."""
    rows = select(Skipped.subject_id, Skipped.skipped_by).where(
        Skipped.connection_id == connection_id, Skipped.kind == kind
    )
    return {row.subject_id: row.skipped_by for row in db.session.execute(rows)}


def _of(connection_id: int, kind: SkippedKind, subject_id: int) -> Skipped | None:
    same = select(Skipped).filter_by(connection_id=connection_id, kind=kind, subject_id=subject_id)
    return db.session.scalar(same)
