"""What in QuickBooks may be a document of ours already, though nothing links the two: it must not be made here again.

By our marker, by what it was linked to before a disconnect, and by what a document of ours agrees with in all but one
thing, whatever is under way about that one. The same number with more that differs is another document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import exists, select
from sqlalchemy.orm import selectinload

from app.billing.document import Document
from app.billing.kinds import ISSUED, DocumentStatus
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Subject
from app.quickbooks import marker
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.models import Connection
from app.sync.company import former_links
from app.sync.company.connecting import lane_of
from app.sync.comparing.pictures import Key
from app.sync.first_day import linking_history
from app.sync.first_day.history_matching import Match
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.records.links import Link

_AT_ONCE = 500
_LOOK = "look at it under Link history first."

_Told = tuple[Key, str, Document]
"""A record, whether it was or may be ours, and which."""


def reasons(connection: Connection, found: Mapping[Key, DocumentSeen]) -> dict[Key, str]:
    """{record: the sentence that says which document of ours it may be}. Only looks."""
    busy = {kind: lanes.busy_subjects(kind, lane_of(connection)) for kind in DOCUMENTS}
    told = [*_alike(connection, found), *_former(connection.id, found)]
    marked = dict.fromkeys(_marked(connection, found), f"It may be a document of yours: {_LOOK}")
    return marked | {
        key: f"It {verb} {document.title} of yours{_beside(document, is_busy=document.id in busy[document.kind.value])}"
        for key, verb, document in told
    }


def _marked(connection: Connection, found: Mapping[Key, DocumentSeen]) -> Iterator[Key]:
    for key, seen in found.items():
        told_by = marker.find(seen.private_note)
        if told_by is not None and told_by.organisation_id == connection.organisation_id:
            yield key


def _former(connection_id: int, found: Mapping[Key, DocumentSeen]) -> Iterator[_Told]:
    """Ids are never given twice: what was linked once is the same document, whatever was changed on either side."""
    for entity in {key[0] for key in found}:
        ids = [remote_id for named, remote_id in found if named == entity]
        for start in range(0, len(ids), _AT_ONCE):
            known = former_links.once_linked(connection_id, entity, ids[start : start + _AT_ONCE])
            for remote_id, document_id in known.items():
                yield (entity, remote_id), "was", db.session.get_one(Document, document_id)


def _alike(connection: Connection, found: Mapping[Key, DocumentSeen]) -> Iterator[_Told]:
    ours = _unlinked(connection)
    for one in linking_history.alike(connection, ours, found):
        document = ours[one.ours.subject]
        yield from ((key, "may be", document) for key in _same(one, is_void=document.status is DocumentStatus.VOID))


def _same(one: Match, *, is_void: bool) -> Iterator[Key]:
    """What a void one agrees with in all but one thing may well have taken its place."""
    allowed = 0 if is_void else 1
    entity = KINDS[one.ours.subject.kind].entity
    return ((entity, there.seen.id) for there in one.candidates if len(there.differs) <= allowed)


def _beside(document: Document, *, is_busy: bool) -> str:
    if document.status is DocumentStatus.VOID:
        return ", which is void here."
    if is_busy:
        return ", which is on its way to QuickBooks: see there what it waits for."
    return ", which is kept out of QuickBooks." if document.kept_back else f": {_LOOK}"


def _unlinked(connection: Connection) -> dict[Subject, Document]:
    """All of ours that were opened and are linked to nothing there."""
    linked = exists().where(
        Link.connection_id == connection.id, Link.kind == Document.kind, Link.subject_id == Document.id
    )
    opened = select(Document).where(
        Document.billing_entity_id == connection.billing_entity_id,
        Document.status.in_((*ISSUED, DocumentStatus.VOID)),
        ~linked,
    )
    rows = db.session.scalars(opened.options(selectinload(Document.client)))
    return {row.subject: row for row in rows}
