"""What was sent, paid or heard of while a comparison ran: what was read of it is out of date, and proves nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.billing.document import Document
from app.foundation.database import db
from app.foundation.tenancy import BY_KEY
from app.outbox import lanes
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.models import Connection
from app.sync.company.connecting import lane_of
from app.sync.comparing.pictures import Key
from app.sync.comparing.sides import Ours
from app.sync.records.effects import is_older
from app.sync.records.links import Link, links_of

_AT_ONCE = 500


@dataclass(frozen=True)
class ReadThere:
    """What was read there: {(entity, their id): record}, since when, and what was paid since."""

    started: datetime
    documents: Mapping[Key, DocumentSeen]
    just_paid: Collection[Key]
    """(entity, their id) of those whose payments changed there since it was begun."""
    settled_before: Mapping[int, int]
    """{our id: pence that were paid here} of what was open when it was begun."""

    def is_overtaken(self, link: Link) -> bool:
        """Whether what was read of a document is older than what is known of it: it was sent or heard of meanwhile."""
        seen = self.documents.get((link.entity, link.remote_id))
        return seen is not None and not seen.deleted and is_older(seen.sync_token, link.sync_token)

    def is_just_paid(self, document: Document, link: Link) -> bool:
        """Whether money came, or went, on either side since its own record may have been read."""
        before = self.settled_before.get(document.id, document.settled_pence)
        return before != document.settled_pence or (link.entity, link.remote_id) in self.just_paid


def settled_now(connection: Connection) -> dict[int, int]:
    """{our id: pence that are paid} of all documents that were opened for this company's billing entity."""
    opened = (Document.billing_entity_id == connection.billing_entity_id, Document.opened_at.is_not(None))
    rows = db.session.execute(select(Document.id, Document.settled_pence).where(*opened))
    return {document_id: int(pence) for document_id, pence in rows}


def overtaken(connection: Connection, ours: Iterable[Ours], there: ReadThere) -> set[tuple[str, int]]:
    """(kind, id) of those that were edited, sent or paid since they were surveyed.

    In a transaction that holds the company: what is left is still as it was compared, and stays so.
    """
    by_kind: dict[str, list[Ours]] = defaultdict(list)
    for mine in ours:
        by_kind[mine.kind].append(mine)
    return {(kind, our_id) for kind, some in by_kind.items() for our_id in _changed(connection, kind, some, there)}


def _changed(connection: Connection, kind: str, ours: Sequence[Ours], there: ReadThere) -> Iterator[int]:
    busy = lanes.busy_subjects(kind, lane_of(connection))
    for start in range(0, len(ours), _AT_ONCE):
        ids = [mine.subject_id for mine in ours[start : start + _AT_ONCE]]
        links = links_of(connection.id, kind, ids)
        rows = db.session.scalars(select(Document).where(Document.id.in_(ids)), execution_options=BY_KEY)
        documents = {document.id: document for document in rows}
        for mine in ours[start : start + _AT_ONCE]:
            document, link = documents[mine.subject_id], links.get(mine.subject_id)
            if document.id in busy or link is None or there.is_overtaken(link) or not _is_same(mine, link, document):
                yield document.id


def _is_same(mine: Ours, link: Link, document: Document) -> bool:
    now = (link.remote_id, document.gross_pence, document.settled_pence, document.voided_at is not None)
    return now == (mine.remote_id, mine.gross_pence, mine.settled_pence, mine.is_void)
