"""What a comparison sees of customers: those merged into others, which clients follow, and those made inactive."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import select

from app.billing.client import Client
from app.billing.document import Document
from app.foundation.database import db
from app.quickbooks import catalogue
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.models import CatalogueRow
from app.sync.comparing import findings
from app.sync.comparing.drifts import DriftCause
from app.sync.comparing.findings import Difference
from app.sync.comparing.pictures import Key
from app.sync.comparing.run_claims import RunClaim
from app.sync.judging.kinds import DOCUMENTS
from app.sync.listening.taking import take_merge
from app.sync.records.links import Link, links_to

ENTITY = "Customer"


def follow_merges(held: RunClaim, theirs: Mapping[Key, DocumentSeen]) -> None:
    """Point clients whose customer is gone to the one on which their documents are now, and keep what was done.

    Only where all of them are on one other customer: anything else is a person's to decide. Raises TakenOverError.
    """
    gone = {link.remote_id: link.subject_id for link in _gone(held.connection_id)}
    for remote_id, client_id in gone.items():
        there = {theirs[key].customer_id for key in _documents(held.connection_id, client_id) if key in theirs}
        if len(there - {""}) == 1 and remote_id not in there:
            (survivor,) = there
            with held.settling():
                take_merge(held.connection_id, ENTITY, remote_id, into=survivor)
                merged = _merged(held.connection_id, client_id, remote_id, survivor)
                findings.write_mended(held.connection_id, [merged], held.run_id)


def inactive(connection_id: int, customer_ids: Collection[str]) -> Iterator[Difference]:
    """Customers of compared documents that were made inactive there."""
    links = links_to(connection_id, ENTITY, customer_ids)
    rows = select(CatalogueRow).where(
        CatalogueRow.connection_id == connection_id,
        CatalogueRow.entity == ENTITY,
        CatalogueRow.active.is_(False),
        CatalogueRow.vanished.is_(False),
    )
    for row in db.session.scalars(rows):
        link = links.get(row.remote_id)
        if link is not None:
            yield Difference(
                cause=DriftCause.CUSTOMER_INACTIVE,
                entity=ENTITY,
                remote_id=row.remote_id,
                kind="client",
                subject_id=link.subject_id,
                label=_name(link.subject_id),
                ours="in use",
                theirs="inactive",
            )


def _gone(connection_id: int) -> list[Link]:
    lost = (
        select(Link)
        .join(
            CatalogueRow,
            (CatalogueRow.connection_id == Link.connection_id)
            & (CatalogueRow.entity == ENTITY)
            & (CatalogueRow.remote_id == Link.remote_id),
        )
        .where(Link.connection_id == connection_id, Link.kind == "client", CatalogueRow.vanished)
    )
    return list(db.session.scalars(lost))


def _documents(connection_id: int, client_id: int) -> list[Key]:
    linked = (
        select(Link.entity, Link.remote_id)
        .join(Document, Document.id == Link.subject_id)
        .where(Link.connection_id == connection_id, Link.kind.in_(DOCUMENTS), Document.client_id == client_id)
    )
    return [(entity, remote_id) for entity, remote_id in db.session.execute(linked)]


def _merged(connection_id: int, client_id: int, gone: str, survivor: str) -> Difference:
    row = catalogue.by_id(connection_id, ENTITY, survivor)
    return Difference(
        cause=DriftCause.CUSTOMER_MERGED,
        entity=ENTITY,
        remote_id=gone,
        kind="client",
        subject_id=client_id,
        label=_name(client_id),
        ours=f"customer {gone}",
        theirs=f"merged into {row.name}" if row is not None else f"merged into customer {survivor}",
    )


def _name(client_id: int) -> str:
    return db.session.get_one(Client, client_id).name[:120]
