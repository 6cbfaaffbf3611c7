"""Links: one local record and one QuickBooks record of one connection, and what was last seen there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, bindparam, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation import clock
from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base, db, table_of
from app.foundation.tenancy import BY_KEY, HistoryRow, ours
from app.outbox.models import Subject
from app.quickbooks.models import Connection

Key = TypeVar("Key", int, str)


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
        ),
        execution_options=BY_KEY,
    )
    return {link.subject_id: link for link in rows}


def seen_of(connection_id: int, kind: str, subject_ids: Iterable[int]) -> dict[int, Any]:
    """As `links_of`, as values that are only read, with what telling asks of them; a fifth of the cost."""
    asked = {"of_connection": connection_id, "of_kind": kind, "ids": list(subject_ids)}
    return {link.subject_id: link for link in db.session.execute(_SEEN, asked)}


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


class LinkBook:
    """The links of some of our records, and to some of theirs, read at once; what is tied meanwhile is in it too.

    New links are written by `write`, all by one statement.
    """

    def __init__(
        self, connection_id: int, subjects: Iterable[Subject], remotes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """`remotes` are (entity, their id)."""
        self.connection_id = connection_id
        self._of: dict[Subject, Link] = {}
        self._to: dict[tuple[str, str], Link] = {}
        self._new: list[Link] = []
        known: set[int] = set()
        for kind, ids in _grouped(subjects).items():
            asked = {"of_connection": connection_id, "of_kind": kind, "ids": ids}
            known.update(db.session.scalars(_IDS_OF, asked))
        for entity, remote_ids in _grouped(remotes).items():
            to = {"of_connection": connection_id, "of_entity": entity, "remote_ids": remote_ids}
            known.update(db.session.scalars(_IDS_TO, to))
        if known:  # of what is told for the first time there is none
            named = select(Link).where(Link.id.in_(known))
            self._note(db.session.scalars(named, execution_options=BY_KEY))

    def of(self, subject: Subject) -> Link | None:
        """The link of one of our records that was asked for."""
        return self._of.get(subject)

    def to(self, entity: str, remote_id: str) -> Link | None:
        """The link to one of their records that was asked for."""
        return self._to.get((entity, remote_id))

    def tie(self, subject: Subject, entity: str, remote: tuple[str, str]) -> Link:
        """The link of a subject, made anew or pointed to (remote id, SyncToken)."""
        link = self.of(subject)
        if link is None:
            link = Link(
                connection_id=self.connection_id,
                kind=subject.kind,
                subject_id=subject.id,
                entity=entity,
                made=LinkMade.CREATED,
                state=LinkState.LIVE,
                told_memo=False,
                difference_pence=0,
                linked_at=clock.now(),
            )
            self._new.append(link)
        else:
            self._to.pop((link.entity, link.remote_id), None)
        link.remote_id, link.sync_token = remote
        self._note([link])
        return link

    def write(self) -> None:
        """Write the new links, in the caller's transaction; those that were known are written by the session."""
        if self._new:
            db.session.execute(_WRITE, [{name: getattr(link, name) for name in _WRITTEN} for link in self._new])
        self._new = []

    def _note(self, links: Iterable[Link]) -> None:
        for link in links:
            self._of[link.subject] = self._to[link.entity, link.remote_id] = link


_LINK = table_of(Link)
_OF = (_LINK.c.connection_id == bindparam("of_connection"), _LINK.c.kind == bindparam("of_kind"))
_TO = (_LINK.c.connection_id == bindparam("of_connection"), _LINK.c.entity == bindparam("of_entity"))
_AMONG_OURS = (_LINK.c.subject_id.in_(bindparam("ids", expanding=True)), ours(_LINK))
_AMONG_THEIRS = (_LINK.c.remote_id.in_(bindparam("remote_ids", expanding=True)), ours(_LINK))
_TOLD = (_LINK.c.sync_token, _LINK.c.told_revision, _LINK.c.told_memo)
_SEEN = select(_LINK.c.subject_id, _LINK.c.remote_id, _LINK.c.state, *_TOLD).where(*_OF, *_AMONG_OURS)
_IDS_OF = select(_LINK.c.id).where(*_OF, *_AMONG_OURS)
_IDS_TO = select(_LINK.c.id).where(*_TO, *_AMONG_THEIRS)
_WRITE = insert(_LINK)
_WRITTEN = [column.name for column in _LINK.c if column.name not in {"id", "organisation_id"}]


def _grouped(pairs: Iterable[tuple[str, Key]]) -> dict[str, list[Key]]:
    groups: dict[str, list[Key]] = defaultdict(list)
    for name, key in pairs:
        groups[name].append(key)
    return groups
