"""Finding documents of ours again after a disconnect, which cleared their links: by our marker, where they agree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.billing.adopting import is_rounding
from app.billing.document import Document
from app.billing.kinds import ISSUED
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Subject
from app.quickbooks import catalogue, marker
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.lists import folded
from app.quickbooks.models import Connection
from app.sync.answered import landing
from app.sync.answered.ground import ground
from app.sync.company.connecting import lane_of
from app.sync.comparing.run_claims import RunClaim
from app.sync.judging.decisions import Listed
from app.sync.judging.documents import display_name
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.records import numbers
from app.sync.records.links import Link, link_of, links_to


def readopt(held: RunClaim, read: Mapping[tuple[str, str], DocumentSeen], read_at: datetime) -> int:
    """Link what carries our marker and agrees in kind, number, customer, date and total; returns how many.

    `read` is {(entity, id): record} as of `read_at`. Of documents made twice there, the first is taken; the other
    stays a difference. Raises TakenOverError.
    """
    connection_id = held.connection_id
    with held.settling() as session:
        connection = session.get_one(Connection, connection_id)
        free = unlinked(connection)
        linked = 0
        for remote, seen in sorted(read.items(), key=lambda pair: (len(pair[0][1]), pair[0][1])):
            document = free.get(_told_by(connection, remote, seen))
            if document is not None and _agrees(document, seen) and _is_billed_to(connection_id, document, seen):
                _adopt(connection_id, document, seen, read_at)
                del free[document.subject]
                linked += 1
        return linked


def _adopt(connection_id: int, document: Document, seen: DocumentSeen, read_at: datetime) -> None:
    """As of when it was read, so that the comparison which follows looks at it."""
    with ground(connection_id, [document.subject]) as known:
        landing.adopt_seen(known, document.subject, seen, document.revision)
        link = known.book.of(document.subject)
        if link is not None:
            link.linked_at = read_at
    if seen.doc_number != document.number:
        numbers.give(connection_id, document.subject, seen.doc_number)


def unlinked(connection: Connection) -> dict[Subject, Document]:
    """Our issued documents that are linked to nothing there, and about which nothing is under way."""
    found: dict[Subject, Document] = {}
    for kind in DOCUMENTS:
        linked = select(Link.subject_id).where(Link.connection_id == connection.id, Link.kind == kind)
        issued = select(Document).where(
            Document.billing_entity_id == connection.billing_entity_id,
            Document.kind == kind,
            Document.status.in_(ISSUED),
            ~Document.kept_back,
            Document.id.not_in(linked),
        )
        rows = db.session.scalars(issued.options(selectinload(Document.client)))
        busy = lanes.busy_subjects(kind, lane_of(connection))
        found |= {row.subject: row for row in rows if row.id not in busy}
    return found


def _told_by(connection: Connection, remote: tuple[str, str], seen: DocumentSeen) -> Subject:
    """The document of ours whose marker a record carries; one of ours that can't be where it carries none."""
    found = marker.find(seen.private_note)
    if found is None or found.organisation_id != connection.organisation_id or seen.voided or seen.deleted:
        return _NOBODY
    is_its_kind = found.kind in DOCUMENTS and KINDS[found.kind].entity == remote[0]
    return Subject(found.kind, found.record_id) if is_its_kind else _NOBODY


def _agrees(document: Document, seen: DocumentSeen) -> bool:
    difference, tax_difference = seen.total_pence - document.gross_pence, seen.tax_pence - document.tax_pence
    lines = sum(1 for line in document.lines if not line.is_comment)
    number = document.number or ""
    same = seen.txn_date == document.issue_date and seen.doc_number in {number, *numbers.candidates(number)}
    return same and is_rounding(difference, tax_difference, max(lines, 1))


def _is_billed_to(connection_id: int, document: Document, seen: DocumentSeen) -> bool:
    """Whether it stands on the client's customer; one of the client's name that is free is linked to it."""
    client = document.bill_to
    subject = Subject("client", client.id)
    link = link_of(connection_id, subject)
    if link is not None:
        return link.remote_id == seen.customer_id
    row = catalogue.by_id(connection_id, "Customer", seen.customer_id)
    if row is None or not row.active or folded(row.name) != folded(display_name(client.name)):
        return False
    if links_to(connection_id, "Customer", [row.remote_id]):
        return False
    with ground(connection_id, [subject]) as known:
        landing.link_known(known, subject, Listed.of_row(row))
    return True


_NOBODY = Subject("invoice", 0)
