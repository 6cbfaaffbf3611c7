"""The links that an answer is about, read at once before it is taken in, and written at once behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import bindparam, insert, select

from app.foundation import clock
from app.foundation.database import bare, db, table_of
from app.foundation.tenancy import BY_KEY, ours
from app.outbox import lanes
from app.outbox.models import Subject
from app.quickbooks.models import Connection
from app.sync.company.connecting import lane_of
from app.sync.records.holding import hold
from app.sync.records.links import Link, LinkMade, LinkState

Key = TypeVar("Key", int, str)


@dataclass(kw_only=True, slots=True)
class NewLink:
    """A link that is not written yet: the same columns, at a tenth of the cost of a row that the session watches."""

    connection_id: int
    kind: str
    subject_id: int
    entity: str
    remote_id: str
    sync_token: str
    linked_at: datetime
    made: LinkMade = LinkMade.CREATED
    state: LinkState = LinkState.LIVE
    told_revision: int | None = None
    told_digest: str | None = None
    told_memo: bool = False
    total_pence: int | None = None
    tax_pence: int | None = None
    balance_pence: int | None = None
    difference_pence: int = 0
    remote_number: str | None = None
    remote_updated_at: datetime | None = None


Tie = Link | NewLink
"""One that is in the database already, or will be."""


class LinkBook:
    """The links of some of our records, and to some of theirs, read at once; what is tied meanwhile is in it too.

    New links are written by `write`, all by one statement.
    """

    def __init__(
        self, connection_id: int, subjects: Iterable[Subject], remotes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """`remotes` are (entity, their id)."""
        self.connection_id = connection_id
        self._of: dict[Subject, Tie] = {}
        self._to: dict[tuple[str, str], Tie] = {}
        self._new: list[NewLink] = []
        known: set[int] = set()
        for kind, ids in _grouped(subjects).items():
            asked = {"of_connection": connection_id, "of_kind": kind, "ids": ids}
            known.update(bare(_IDS_OF, asked).scalars())
        for entity, remote_ids in _grouped(remotes).items():
            to = {"of_connection": connection_id, "of_entity": entity, "remote_ids": remote_ids}
            known.update(bare(_IDS_TO, to).scalars())
        if known:  # of what is told for the first time there is none
            named = select(Link).where(Link.id.in_(known))
            for link in db.session.scalars(named, execution_options=BY_KEY):
                self._note(link.subject, link)

    def of(self, subject: Subject) -> Tie | None:
        """The link of one of our records that was asked for."""
        return self._of.get(subject)

    def linked_to(self, entity: str, remote_id: str) -> Subject | None:
        """Which of ours is linked to one of their records that was asked for."""
        link = self._to.get((entity, remote_id))
        return None if link is None else Subject(link.kind, link.subject_id)

    def tie(self, subject: Subject, entity: str, remote: tuple[str, str]) -> Tie:
        """The link of a subject, made anew or pointed to (remote id, SyncToken)."""
        link, (remote_id, sync_token) = self.of(subject), remote
        if link is None:
            link = NewLink(
                connection_id=self.connection_id,
                kind=subject.kind,
                subject_id=subject.id,
                entity=entity,
                remote_id=remote_id,
                sync_token=sync_token,
                linked_at=clock.now(),
            )
            self._new.append(link)
        else:
            self._to.pop((link.entity, link.remote_id), None)
            link.remote_id, link.sync_token = remote_id, sync_token
        self._note(subject, link)
        return link

    def write(self) -> None:
        """Write the new links, in the caller's transaction; those that were known are written by the session."""
        if self._new:
            bare(_WRITE, [_row(link) for link in self._new])
            self._wake([link for link in self._new if link.made is not LinkMade.CREATED])
        self._new = []

    def _wake(self, found: Sequence[NewLink]) -> None:
        """What was there already may be tied without a message of its own being settled: who waits for it goes on."""
        if found:
            hold(self.connection_id)  # so does whoever fills an envelope: nobody begins to wait for them a moment later
            lane = lane_of(db.session.get_one(Connection, self.connection_id))
            lanes.release(lane, *(lanes.blocker_of(Subject(link.kind, link.subject_id)) for link in found))

    def _note(self, subject: Subject, link: Tie) -> None:
        self._of[subject] = self._to[link.entity, link.remote_id] = link


def _row(link: NewLink) -> dict[str, Any]:
    return {name: getattr(link, name) for name in NewLink.__slots__}


_LINK = table_of(Link)
_OF = (_LINK.c.connection_id == bindparam("of_connection"), _LINK.c.kind == bindparam("of_kind"))
_TO = (_LINK.c.connection_id == bindparam("of_connection"), _LINK.c.entity == bindparam("of_entity"))
_IDS_OF = select(_LINK.c.id).where(*_OF, _LINK.c.subject_id.in_(bindparam("ids", expanding=True)), ours(_LINK))
_IDS_TO = select(_LINK.c.id).where(*_TO, _LINK.c.remote_id.in_(bindparam("remote_ids", expanding=True)), ours(_LINK))
_WRITE = insert(_LINK)


def _grouped(pairs: Iterable[tuple[str, Key]]) -> dict[str, list[Key]]:
    groups: dict[str, list[Key]] = defaultdict(list)
    for name, key in pairs:
        groups[name].append(key)
    return groups
