"""What documents and clients were linked to before a disconnect: it is understood still, and nothing is made twice.

A disconnect clears links: the documents are strangers until they are found again. The links of payments stay, for a
payment that is changed there must be known by its id here. What it is divided over is known from this table alone
until the documents are linked again. Nothing is ever told to a former link, and no new payment is applied by one.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, and_, delete, exists, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, db
from app.foundation.tenancy import BY_KEY, HistoryRow
from app.outbox.models import Subject
from app.sync.records.links import Link

KEPT = "payment"
"""The kind whose links outlive a disconnect."""
_FEW = 500
"""Of more, all are read: a statement can't name any number of rows."""
_COLUMNS = ("connection_id", "organisation_id", "entity", "remote_id", "kind", "subject_id")


class FormerLink(HistoryRow, Base):
    """One document or client of ours and the record that it was linked to at this company."""

    __tablename__ = "former_link"
    __table_args__ = (Index("ix_former_link_subject", "connection_id", "kind", "subject_id"),)

    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), primary_key=True)
    entity: Mapped[str] = mapped_column(String(40), primary_key=True)
    remote_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]


def clear(connection_id: int) -> None:
    """End the links of a company but those of payments, in the caller's transaction; what they were is kept."""
    same_record = and_(Link.entity == FormerLink.entity, Link.remote_id == FormerLink.remote_id)
    newer = exists().where(Link.connection_id == connection_id, or_(_is_same_document(), same_record))
    db.session.execute(delete(FormerLink).where(FormerLink.connection_id == connection_id, newer))
    linked = select(*(getattr(Link, name) for name in _COLUMNS)).where(Link.connection_id == connection_id)
    db.session.execute(insert(FormerLink).from_select(_COLUMNS, linked.where(Link.kind != KEPT)))
    db.session.execute(delete(Link).where(Link.connection_id == connection_id, Link.kind != KEPT))


def documents(connection_id: int, entity: str, remote_ids: Collection[str] | None = None) -> dict[str, int]:
    """{their id: our document's id} of what was linked once and is linked no more; of all where no ids are named."""
    linked = exists().where(Link.connection_id == connection_id, _is_same_document())
    return _by_id_there(_of(connection_id, entity).where(~linked), remote_ids)


def once_linked(connection_id: int, entity: str, remote_ids: Collection[str] | None = None) -> dict[str, int]:
    """{their id: ours} of these records, or of all, whatever ours is linked to by now."""
    return _by_id_there(_of(connection_id, entity), remote_ids)


def _of(connection_id: int, entity: str) -> Select[str, int]:
    columns = select(FormerLink.remote_id, FormerLink.subject_id)
    return columns.where(FormerLink.connection_id == connection_id, FormerLink.entity == entity)


def _by_id_there(wanted: Select[str, int], remote_ids: Collection[str] | None) -> dict[str, int]:
    rows = wanted if remote_ids is None else wanted.where(FormerLink.remote_id.in_(list(remote_ids)))
    return {row.remote_id: row.subject_id for row in db.session.execute(rows, execution_options=BY_KEY)}


def former_of(connection_id: int, subjects: Collection[Subject]) -> dict[Subject, str]:
    """{ours: the id of the record that it was linked to last}, of those that were."""
    rows = select(FormerLink.kind, FormerLink.subject_id, FormerLink.remote_id)
    wanted = rows.where(FormerLink.connection_id == connection_id, FormerLink.kind.in_({one.kind for one in subjects}))
    if len(subjects) <= _FEW:
        wanted = wanted.where(FormerLink.subject_id.in_({one.id for one in subjects}))
    known = db.session.execute(wanted, execution_options=BY_KEY)
    found = {Subject(row.kind, row.subject_id): row.remote_id for row in known}
    return {subject: found[subject] for subject in subjects if subject in found}


def forget(link: Link) -> None:
    """A person says that the two are not the same, whatever ours was linked to before."""
    ours = (FormerLink.kind == link.kind, FormerLink.subject_id == link.subject_id)
    db.session.execute(delete(FormerLink).where(FormerLink.connection_id == link.connection_id, *ours))


def _is_same_document() -> ColumnElement[bool]:
    return and_(Link.kind == FormerLink.kind, Link.subject_id == FormerLink.subject_id)
