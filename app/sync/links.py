"""Links: one local record and one QuickBooks record of one connection, and what was last seen there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base, db
from app.foundation.tenancy import OrganisationRow
from app.outbox.models import Subject


class LinkMade(StrEnum):
    """How a link came to be."""

    CREATED = "created"
    MATCHED = "matched"
    ADOPTED = "adopted"
    BY_HAND = "by_hand"


class LinkState(StrEnum):
    """Whether the record is still there on the other side."""

    LIVE = "live"
    VOIDED = "voided"
    REMOVED = "removed"


class Link(OrganisationRow, Base):
    """One local record tied to one QuickBooks record. Amounts are pence as QuickBooks last showed them."""

    __tablename__ = "link"
    __table_args__ = (
        UniqueConstraint("connection_id", "kind", "subject_id"),
        UniqueConstraint("connection_id", "entity", "remote_id"),
        Index("ix_link_subject", "kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    entity: Mapped[str] = mapped_column(String(40))
    remote_id: Mapped[str] = mapped_column(String(40))
    sync_token: Mapped[str] = mapped_column(String(20))
    made: Mapped[LinkMade] = mapped_column(enum_of(LinkMade))
    state: Mapped[LinkState] = mapped_column(enum_of(LinkState), default=LinkState.LIVE)
    told_revision: Mapped[int | None]
    """The revision of ours that QuickBooks was told last; None when nothing of ours was ever told."""
    told_digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the body that QuickBooks was told last, for lists, whose records count no revisions."""
    total_pence: Mapped[int | None]
    tax_pence: Mapped[int | None]
    balance_pence: Mapped[int | None]
    difference_pence: Mapped[int] = mapped_column(default=0)
    """QuickBooks' total less ours, where it is more than a rounding: shown, never hidden."""
    remote_number: Mapped[str | None] = mapped_column(String(40))
    remote_updated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    linked_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def subject(self) -> Subject:
        """Our side of the link."""
        return Subject(self.kind, self.subject_id)


def link_of(connection_id: int, subject: Subject) -> Link | None:
    """The link of one of our records."""
    return db.session.scalar(
        select(Link).where(
            Link.connection_id == connection_id, Link.kind == subject.kind, Link.subject_id == subject.id
        )
    )


def links_of(connection_id: int, kind: str, subject_ids: Iterable[int]) -> dict[int, Link]:
    """The links of many records of one kind: {our id: link}."""
    rows = db.session.scalars(
        select(Link).where(
            Link.connection_id == connection_id, Link.kind == kind, Link.subject_id.in_(list(subject_ids))
        )
    )
    return {link.subject_id: link for link in rows}


def links_to(connection_id: int, entity: str, remote_ids: Iterable[str]) -> dict[str, Link]:
    """The links to many QuickBooks records of one entity: {their id: link}."""
    rows = db.session.scalars(
        select(Link).where(
            Link.connection_id == connection_id, Link.entity == entity, Link.remote_id.in_(list(remote_ids))
        )
    )
    return {link.remote_id: link for link in rows}
