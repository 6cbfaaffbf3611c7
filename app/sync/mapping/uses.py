"""What hangs on a mapping: how many documents that are owed and not in QuickBooks yet, and how many messages wait."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, distinct, exists, func, or_, select

from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.kinds import OWED
from app.billing.line import DocumentLine
from app.foundation import reading
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Message
from app.sync.records.links import Link, LinkState
from app.sync.records.mappings import MappingKind

_FEW = 500
"""Unsent documents whose ids are remembered as long as a page is made."""
_COLUMN: dict[MappingKind, Any] = {
    MappingKind.SERVICE: DocumentLine.service_id,
    MappingKind.TAX_CODE: DocumentLine.tax_code_id,
    MappingKind.TERM: Document.term_id,
    MappingKind.CLASS: DocumentLine.service_id,
    MappingKind.LOCATION: Document.client_id,
    MappingKind.INCOME_ACCOUNT: DocumentLine.service_id,
}


def unsent(entity: BillingEntity, connection_id: int) -> Select[Document]:
    """The documents that are owed, are not kept out of QuickBooks by a person, and which this company does not have.

    One that it has in an earlier version is among them: the amendment was not sent. Each that is owed is looked at;
    where only a few are found, a page that asks about them again looks at these alone.
    """
    wanted = _unsent(entity, connection_id)
    found = reading.once(("unsent", entity.id, connection_id), lambda: _few(wanted))
    return wanted if found is None else wanted.where(Document.id.in_(found))


def _few(wanted: Select[Document]) -> list[int] | None:
    """The ids of what is wanted; None where that is more than a few."""
    found = db.session.scalars(wanted.with_only_columns(Document.id).limit(_FEW + 1)).all()
    return list(found) if len(found) <= _FEW else None


def _unsent(entity: BillingEntity, connection_id: int) -> Select[Document]:
    linked = exists().where(
        Link.connection_id == connection_id,
        Link.kind == Document.kind,
        Link.subject_id == Document.id,
        or_(Link.state != LinkState.LIVE, Link.told_revision.is_(None), Link.told_revision == Document.revision),
    )
    return select(Document).where(
        Document.billing_entity_id == entity.id, Document.status.in_(OWED), ~Document.kept_back, ~linked
    )


def documents_using(entity: BillingEntity, connection_id: int, kind: MappingKind) -> dict[int, int]:
    """{our id: how many unsent documents name it}; ids that none names are left out."""
    column = _COLUMN[kind]
    used = unsent(entity, connection_id).outerjoin(DocumentLine, DocumentLine.document_id == Document.id)
    counted = used.with_only_columns(column, func.count(distinct(Document.id))).where(column.is_not(None))
    return {int(our_id): int(number) for our_id, number in db.session.execute(counted.group_by(column))}


def named(entity: BillingEntity, connection_id: int, kinds: Collection[MappingKind]) -> dict[MappingKind, set[int]]:
    """{kind: our ids that unsent documents name}, of all these kinds by one question."""
    columns = {_COLUMN[kind].key: _COLUMN[kind] for kind in kinds}
    used = unsent(entity, connection_id).outerjoin(DocumentLine, DocumentLine.document_id == Document.id)
    rows = db.session.execute(used.with_only_columns(*columns.values()).distinct()).all()
    return {kind: {getattr(row, _COLUMN[kind].key) for row in rows} - {None} for kind in kinds}


def waiting_for(entity: BillingEntity) -> dict[str, int]:
    """{blocker: how many messages of the lane wait for it}."""
    return reading.once(("waiting for", entity.lane), lambda: _waiting_for(entity))


def _waiting_for(entity: BillingEntity) -> dict[str, int]:
    rows = db.session.execute(
        select(Message.blocker, func.count())
        .where(
            *lanes.within(entity.lane),
            lanes.WAITS,
            Message.blocker.is_not(None),
        )
        .group_by(Message.blocker)
    )
    return {str(blocker): int(number) for blocker, number in rows}
