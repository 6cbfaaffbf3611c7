"""What an import will do, document by document: pure decisions over the file and a snapshot of what is here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from app.billing.content import DocumentContent, LineContent, content_totals
from app.billing.faults import content_faults
from app.billing.importing.profiles import Profile
from app.billing.importing.records import FileDocument, FileLine, Refusal, Understood
from app.billing.importing.snapshot import Existing, Settings, Snapshot
from app.billing.importing.understanding import understand
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.service import folded
from app.billing.totals import Totals
from app.billing.wording import amount

_TO_BE_MADE = -1
"""Stands for the id of a client or service that is not here yet."""


class Verdict(StrEnum):
    """What is done with a document of the file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of the dry-run table. Totals are in pence; lines are those of the file."""

    number: str
    lines: tuple[int, ...]
    verdict: Verdict
    document: FileDocument | None
    totals: Totals | None = None
    refusals: tuple[Refusal, ...] = ()
    existing: Existing | None = None


@dataclass(frozen=True)
class ImportPlan:
    """The dry-run table."""

    documents: list[Planned]

    def counts(self) -> dict[Verdict, int]:
        """How many documents have which verdict, noughts included."""
        return dict.fromkeys(Verdict, 0) | Counter(planned.verdict for planned in self.documents)

    def refused_by_code(self) -> dict[str, int]:
        """How many documents are refused for which reason; the first one counts."""
        return dict(Counter(planned.refusals[0].code for planned in self.documents if planned.refusals))

    def gross_pence(self, kind: DocumentKind) -> int:
        """The sum of all documents of a kind that are not refused."""
        taken = (planned for planned in self.documents if planned.document and planned.document.kind is kind)
        return sum(planned.totals.gross_pence for planned in taken if planned.totals)


def plan(stream: BinaryIO, profile: Profile, here: Snapshot) -> ImportPlan:
    """Read a file and decide on each of its documents; nothing is written. Raises BadInputError as `understand`."""
    return ImportPlan([decide(understood, here) for understood in understand(stream, profile)])


def decide(understood: Understood, here: Snapshot) -> Planned:
    """What is to be done with one document, as things are now."""
    document = understood.document
    if document is None:
        return _refused(understood, understood.refusals)
    existing = here.existing.get(document.number)
    content = content_from(document, here.settings, {}, _TO_BE_MADE)
    sums = content_totals(content.lines, here.settings.percents)
    refusals = (*_refusals(document, content, here), *_standing_against(document, existing, sums))
    if existing is not None and existing.digest == document.digest():
        return Planned(understood.number, understood.lines, Verdict.UNCHANGED, document, sums, (), existing)
    if refusals:
        return _refused(understood, refusals)
    verdict = Verdict.NEW if existing is None else Verdict.CHANGED
    return Planned(understood.number, understood.lines, verdict, document, sums, (), existing)


def content_from(
    document: FileDocument, settings: Settings, services: Mapping[str, int], client_id: int
) -> DocumentContent:
    """The content of a file's document with our ids; services by folded code."""
    return DocumentContent(
        client_id=client_id,
        issue_date=document.issue_date,
        due_date=document.due_date,
        term_id=settings.terms.get(folded(document.term)),
        currency=document.currency,
        memo=document.memo,
        lines=tuple(_line(line, settings, services) for line in document.lines),
    )


def _line(line: FileLine, settings: Settings, services: Mapping[str, int]) -> LineContent:
    return LineContent(
        description=line.description,
        service_id=services.get(folded(line.service), _TO_BE_MADE) if line.service else None,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        tax_code_id=_tax_code(line, settings),
    )


def _tax_code(line: FileLine, settings: Settings) -> int | None:
    known, named = (settings.tax_codes, line.tax_code) if line.tax_code else (settings.usual_codes, line.service)
    return known.get(folded(named))


def _refused(understood: Understood, refusals: tuple[Refusal, ...]) -> Planned:
    return Planned(understood.number, understood.lines, Verdict.REFUSED, None, None, refusals)


def _refusals(document: FileDocument, content: DocumentContent, here: Snapshot) -> Iterator[Refusal]:
    yield from _unknown(document, here.settings)
    for fault in content_faults(content, document.kind, here.settings.regime):
        line = document.lines[fault.line - 1] if fault.line else document.lines[0]
        if fault.field != "tax_code_id" or not line.tax_code:  # an unknown one was named above
            yield Refusal(fault.field, fault.sentence, (line.at,))
    holder = here.holders.get((document.kind, document.number), document.number)
    if holder != document.number:
        lines = tuple(line.at for line in document.lines)
        yield Refusal("number_taken", f"the number {document.number} belongs to another document here", lines)


def _unknown(document: FileDocument, settings: Settings) -> Iterator[Refusal]:
    for line in document.lines:
        if line.tax_code and folded(line.tax_code) not in settings.tax_codes:
            yield Refusal("tax_code", f"there is no tax code '{line.tax_code}'", (line.at,))
    if document.term and folded(document.term) not in settings.terms:
        yield Refusal("term", f"there are no payment terms '{document.term}'", (document.lines[0].at,))


def _standing_against(document: FileDocument, existing: Existing | None, sums: Totals) -> Iterator[Refusal]:
    """Why a document that is here can't become a new revision."""
    if existing is None:
        return
    lines = tuple(line.at for line in document.lines)
    if existing.kind is not document.kind:
        yield Refusal("kind", "it turned from an invoice into a credit note, or back", lines)
    if existing.status is DocumentStatus.VOID:
        yield Refusal("void", "its content changed, but it is void here", lines)
    elif existing.status is DocumentStatus.PAID and existing.settled_pence:
        yield Refusal("paid", "its content changed, but it is paid here", lines)
    elif sums.gross_pence < existing.settled_pence:
        paid = amount(existing.settled_pence, existing.currency)
        yield Refusal("paid", f"its total fell below what is paid already ({paid})", lines)
