"""The lines of our documents as QuickBooks was told them, laid beside those it shows where they may differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from app.foundation.database import db
from app.quickbooks.answers import UNTOUCHED, DocumentSeen
from app.quickbooks.catalogue import CatalogueRow
from app.quickbooks.models import Connection
from app.quickbooks.sold_lines import LineSeen, lines_of
from app.sync.comparing.sides import Ours
from app.sync.judging import documents, survey
from app.sync.judging.facts import Books, DocumentFacts, LineFacts
from app.sync.records.mappings import MappingKind, mappings_of

_AT_ONCE = 500

Remote = Mapping[tuple[str, str], DocumentSeen]


def laid_beside(connection_id: int, ours: Sequence[Ours], theirs: Remote, *, only_amounts: bool = False) -> list[Ours]:
    """The same documents in the same order; those that QuickBooks may show otherwise with their lines.

    Lines are read of what has another total or tax there, and, unless `only_amounts` matter, of all that was changed
    there: another tax code may leave the total as it was.
    """
    asked: dict[str, list[int]] = defaultdict(list)
    for mine in ours:
        if _may_differ(mine, theirs.get((mine.entity, mine.remote_id)), only_amounts=only_amounts):
            asked[mine.kind].append(mine.subject_id)
    if not asked:
        return list(ours)
    names = tax_names(connection_id)
    linked = {(mine.kind, mine.subject_id): mine.linked_at for mine in ours}
    told = {
        (kind, document_id): lines
        for kind, ids in asked.items()
        for document_id, lines in _told(connection_id, kind, ids, linked)
    }
    return [
        replace(mine, lines=told.get((mine.kind, mine.subject_id), ()), tax_names=names)
        if (mine.kind, mine.subject_id) in told
        else mine
        for mine in ours
    ]


def tax_names(connection_id: int) -> dict[str, str]:
    """What QuickBooks calls its tax codes, by their ids."""
    listed = select(CatalogueRow.remote_id, CatalogueRow.name).where(
        CatalogueRow.connection_id == connection_id, CatalogueRow.entity == "TaxCode"
    )
    return {row.remote_id: row.name for row in db.session.execute(listed)}


def told_of(line: LineFacts, books: Books) -> tuple[LineSeen, ...]:
    """One line of ours as QuickBooks is told it."""
    return lines_of({"Line": documents.lines_of(line, books)})


def _may_differ(mine: Ours, seen: DocumentSeen | None, *, only_amounts: bool) -> bool:
    if seen is None or seen.deleted or seen.voided or mine.is_void:
        return False
    changed = (seen.total_pence, seen.tax_pence) != (mine.gross_pence, mine.tax_pence)
    return changed or (not only_amounts and seen.sync_token != UNTOUCHED)


def _told(
    connection_id: int, kind: str, ids: Sequence[int], linked: Mapping[tuple[str, int], datetime | None]
) -> Iterator[tuple[int, tuple[LineSeen, ...]]]:
    books = survey.books_of(db.session.get_one(Connection, connection_id))
    chosen = {row.remote_id: row.chosen_at for row in mappings_of(connection_id, MappingKind.TAX_CODE).values()}
    for start in range(0, len(ids), _AT_ONCE):
        facts = survey.documents(connection_id, kind, dict.fromkeys(ids[start : start + _AT_ONCE], False))
        for document_id, one in facts.items():
            yield document_id, tuple(_lines(one, books, chosen, linked.get((kind, document_id))))


def _lines(
    document: DocumentFacts, books: Books, chosen: Mapping[str, datetime], linked_at: datetime | None
) -> Iterator[LineSeen]:
    """Without the tax code where another was chosen since: what was told then nobody has kept."""
    for line in document.lines:
        for told in told_of(line, books):
            since = chosen.get(told.tax_code_id)
            is_newer = since is not None and linked_at is not None and since > linked_at
            yield told._replace(tax_code_id="") if is_newer else told
