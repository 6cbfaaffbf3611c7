"""Documents in QuickBooks that are linked to nothing of ours: made twice, made there alone, or restored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select

from app.billing.document import Document
from app.billing.wording import amount, day
from app.foundation.database import db
from app.outbox.models import Subject
from app.quickbooks import marker
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.models import Connection
from app.sync.comparing.drifts import DriftCause
from app.sync.comparing.findings import Difference
from app.sync.comparing.pictures import Key
from app.sync.comparing.sides import Ours
from app.sync.judging.forerunners import is_forerunner
from app.sync.listening.unanswered import being_made
from app.sync.records.links import Link

Face = tuple[str, str, date | None, int]
"""Entity, customer, date and total: two documents with the same look like one."""
_AT_ONCE = 500
"""Documents of ours that one statement asks for."""


def told(connection: Connection, ours: Sequence[Ours], theirs: Mapping[Key, DocumentSeen]) -> Iterator[Difference]:
    """Those that carry our marker, and those made there since we were connected; older ones are none of our business.

    One that says the same as a document of ours that is there already was probably made twice.
    """
    faces = {_face(mine.entity, theirs[key]): mine for mine in ours if (key := (mine.entity, mine.remote_id)) in theirs}
    alone = _alone(connection, theirs)
    named = _named(alone, ours)
    for key, seen in alone.items():
        twin = named.get(key) or faces.get(_face(key[0], seen))
        yield _difference(key, seen, twin, connection.country)


def _alone(connection: Connection, theirs: Mapping[Key, DocumentSeen]) -> dict[Key, DocumentSeen]:
    linked = _linked(connection.id)
    found = {
        key: seen
        for key, seen in theirs.items()
        if key not in linked and not seen.voided and not seen.deleted and _concerns_us(connection, seen)
    }
    # What one of our own envelopes has made, whose answer is still out, is nobody else's.
    making = set[Subject]().union(*(being_made(connection.id, entity) for entity in {entity for entity, _id in found}))
    return {key: seen for key, seen in found.items() if _told_by(connection, seen) not in making}


def _told_by(connection: Connection, seen: DocumentSeen) -> Subject | None:
    """Which of our documents its marker names; None where it has none, or another organisation's."""
    found = marker.find(seen.private_note)
    is_ours = found is not None and found.organisation_id == connection.organisation_id
    return Subject(found.kind, found.record_id) if found and is_ours else None


def _face(entity: str, seen: DocumentSeen) -> Face:
    return entity, seen.customer_id, seen.txn_date, seen.total_pence


def _named(alone: Mapping[Key, DocumentSeen], ours: Sequence[Ours]) -> dict[Key, Ours]:
    """The documents of ours that markers name; none where a restore gave the id of what is there to one opened since.

    Such a one repeats nothing. Called made twice it would be deleted, and with it the only copy there is.
    """
    by_subject = {(mine.kind, mine.subject_id): mine for mine in ours}
    told_by = {key: found for key, seen in alone.items() if (found := marker.find(seen.private_note)) is not None}
    named = {
        key: mine
        for key, found in told_by.items()
        if (mine := by_subject.get((found.kind, found.record_id))) is not None
    }
    opened = _opened([mine.subject_id for mine in named.values()])
    return {
        key: mine
        for key, mine in named.items()
        if not is_forerunner(alone[key].created_at, opened.get(mine.subject_id))
    }


def _opened(ids: Sequence[int]) -> dict[int, datetime | None]:
    """{id of a document of ours: when it was opened here, in UTC}."""
    portions = (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
    asked = (select(Document.id, Document.opened_at).where(Document.id.in_(some)) for some in portions)
    return {our_id: at for some in asked for our_id, at in db.session.execute(some)}


def _difference(key: Key, seen: DocumentSeen, twin: Ours | None, country: str) -> Difference:
    entity, remote_id = key
    said = amount(seen.total_pence, seen.currency or (twin.currency if twin else "GBP"))
    when = f" of {day(seen.txn_date, country)}" if seen.txn_date else ""
    return Difference(
        cause=DriftCause.DUPLICATE if twin else DriftCause.ONLY_THERE,
        entity=entity,
        remote_id=remote_id,
        kind=twin.kind if twin else "",
        subject_id=twin.subject_id if twin else 0,
        label=seen.doc_number or remote_id,
        ours=f"{twin.number} is {twin.entity} {twin.remote_id}" if twin else "not linked",
        theirs=f"{entity} {remote_id}{when} over {said}, {seen.customer_name}".rstrip(", ")[:300],
    )


def _linked(connection_id: int) -> set[Key]:
    rows = select(Link.entity, Link.remote_id).where(Link.connection_id == connection_id)
    return {(entity, remote_id) for entity, remote_id in db.session.execute(rows)}


def _concerns_us(connection: Connection, seen: DocumentSeen) -> bool:
    found = marker.find(seen.private_note)
    if found is not None:
        return found.organisation_id == connection.organisation_id
    since = connection.connected_at.replace(microsecond=0)  # as exactly as QuickBooks tells when a record was made
    return seen.created_at is not None and seen.created_at >= since
