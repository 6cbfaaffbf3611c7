"""Documents in QuickBooks that are linked to nothing of ours: made twice, made there alone, or restored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from app.billing.wording import amount, day
from app.foundation.database import db
from app.quickbooks import marker
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.models import Connection
from app.sync.comparing import Ours
from app.sync.drifts import DriftCause
from app.sync.findings import Difference
from app.sync.links import Link
from app.sync.pictures import Key

Face = tuple[str, str, date | None, int]
"""Entity, customer, date and total: two documents with the same look like one."""


def told(connection: Connection, ours: Sequence[Ours], theirs: Mapping[Key, DocumentSeen]) -> Iterator[Difference]:
    """Those that carry our marker, and those made there since we were connected; older ones are none of our business.

    One that says the same as a document of ours that is there already was probably made twice.
    """
    faces = {_face(mine.entity, theirs[key]): mine for mine in ours if (key := (mine.entity, mine.remote_id)) in theirs}
    linked = _linked(connection.id)
    for key, seen in theirs.items():
        if key not in linked and not seen.voided and not seen.deleted and _concerns_us(connection, seen):
            yield _difference(key, seen, _twin(seen, faces.get(_face(key[0], seen)), ours))


def _face(entity: str, seen: DocumentSeen) -> Face:
    return entity, seen.customer_id, seen.txn_date, seen.total_pence


def _twin(seen: DocumentSeen, alike: Ours | None, ours: Sequence[Ours]) -> Ours | None:
    """The document of ours that it repeats: the one its marker names, or one that looks like it."""
    told_by = marker.find(seen.private_note)
    if told_by is None:
        return alike
    return next((one for one in ours if (one.kind, one.subject_id) == (told_by.kind, told_by.record_id)), alike)


def _difference(key: Key, seen: DocumentSeen, twin: Ours | None) -> Difference:
    entity, remote_id = key
    said = amount(seen.total_pence, seen.currency or (twin.currency if twin else "GBP"))
    when = f" of {day(seen.txn_date)}" if seen.txn_date else ""
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
