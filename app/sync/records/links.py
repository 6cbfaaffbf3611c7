"""Links: one local record and one QuickBooks record of one connection, and what was last seen there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from app.billing.amounts import Pence
from app.foundation import clock
from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base, bare, db, table_of
from app.foundation.tenancy import BY_KEY, HistoryRow, ours
from app.outbox.models import Subject
from app.quickbooks.models import Connection


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


class Link(HistoryRow, Base):
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
    told_memo: Mapped[bool] = mapped_column(default=False)
    """Whether a memo of ours may be there, which an empty one has to clear; else theirs is the bookkeeper's."""
    total_pence: Mapped[Pence | None]
    tax_pence: Mapped[Pence | None]
    balance_pence: Mapped[Pence | None]
    difference_pence: Mapped[Pence] = mapped_column(default=0)
    """QuickBooks' total less ours, where it is more than a rounding: shown, never hidden."""
    remote_number: Mapped[str | None] = mapped_column(String(40))
    remote_updated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    linked_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def subject(self) -> Subject:
        """Our side of the link."""
        return Subject(self.kind, self.subject_id)


def was_known(linked_at: datetime, moment: datetime) -> bool:
    """Whether what was linked then was known at a moment of late; so is what only a clock that was ahead has dated."""
    return linked_at <= moment or linked_at > clock.latest()


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
        ),
        execution_options=BY_KEY,
    )
    return {link.subject_id: link for link in rows}


def seen_of(connection_id: int, kind: str, subject_ids: Iterable[int]) -> dict[int, Any]:
    """As `links_of`, as values that are only read, with what telling asks of them; a fifth of the cost."""
    asked = {"of_connection": connection_id, "of_kind": kind, "ids": list(subject_ids)}
    return {link.subject_id: link for link in bare(_SEEN, asked)}


def links_to(connection_id: int, entity: str, remote_ids: Iterable[str]) -> dict[str, Link]:
    """The links to many QuickBooks records of one entity: {their id: link}."""
    rows = db.session.scalars(
        select(Link).where(
            Link.connection_id == connection_id, Link.entity == entity, Link.remote_id.in_(list(remote_ids))
        ),
        execution_options=BY_KEY,
    )
    return {link.remote_id: link for link in rows}


def links_to_id(remote_id: str, entities: Iterable[str]) -> list[Link]:
    """What of ours is linked to a record of this id, of any of these entities and of any company; newest first."""
    companies = db.session.scalars(select(Connection.id)).all()
    named = (Link.connection_id.in_(companies), Link.entity.in_(list(entities)), Link.remote_id == remote_id)
    return list(db.session.scalars(select(Link).where(*named).order_by(Link.id.desc()), execution_options=BY_KEY))


_LINK = table_of(Link)
_TOLD = (_LINK.c.sync_token, _LINK.c.told_revision, _LINK.c.told_memo)
_SEEN = select(_LINK.c.subject_id, _LINK.c.remote_id, _LINK.c.state, *_TOLD).where(
    _LINK.c.connection_id == bindparam("of_connection"),
    _LINK.c.kind == bindparam("of_kind"),
    _LINK.c.subject_id.in_(bindparam("ids", expanding=True)),
    ours(_LINK),
)
