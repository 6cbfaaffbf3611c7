"""What a payment of QuickBooks settles of ours: its lines read as documents of ours, with their pence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from app.billing.document import Document
from app.foundation.database import db
from app.quickbooks.answers import Allocation
from app.sync.company import former_links
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.records.links import links_to


def parts_of(connection_id: int, allocations: tuple[Allocation, ...], *, is_known: bool) -> list[tuple[Document, int]]:
    """The parts that fall on documents of ours, with their pence.

    Those of a payment that is known also where the document was not found again since a disconnect.
    """
    parts: list[tuple[Document, int]] = []
    for kind in DOCUMENTS:
        ids: Counter[str] = Counter()
        for part in allocations:
            if part.txn_type == KINDS[kind].entity:
                ids[part.txn_id] += part.amount_pence
        for remote_id, document_id in _documents(connection_id, kind, ids, even_former=is_known).items():
            document = db.session.get(Document, document_id)
            if document is not None:
                parts.append((document, ids[remote_id]))
    return parts


def _documents(connection_id: int, kind: str, remote_ids: Collection[str], *, even_former: bool) -> dict[str, int]:
    entity = KINDS[kind].entity
    former = former_links.documents(connection_id, entity, remote_ids) if even_former else {}
    links = links_to(connection_id, entity, remote_ids).items()
    return former | {remote_id: link.subject_id for remote_id, link in links if link.kind == kind}
