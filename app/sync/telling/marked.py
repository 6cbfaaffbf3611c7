"""Records that carry the marks of what was sent: ours, and those of before a restore that gave their ids anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.billing.document import Document
from app.billing.payment import Payment
from app.billing.timeline import TimelineEntry
from app.foundation.database import db, end_reading
from app.quickbooks import answers, marker
from app.quickbooks.marker import Marker
from app.quickbooks.reading import parts, said, text
from app.sync.company.former_links import FormerLink
from app.sync.judging.forerunners import is_forerunner
from app.sync.judging.kinds import DOCUMENTS
from app.sync.records.policies import policy_seen

Record = Mapping[str, Any]
_AMENDED = ("amended", "payment_changed")
"""What the timeline calls it when a document, or a payment, was made to say something else."""


@dataclass
class Marked:
    """What was found of what is wanted; `lost` are the marks under which there is only another one's record."""

    wanted: Mapping[Marker | None, tuple[Record, datetime | None]]
    """What was sent under each mark, and since when that is ours."""
    found: dict[Marker | None, Record] = field(default_factory=dict)
    lost: set[Marker | None] = field(default_factory=set)
    gone: set[Marker | None] = field(default_factory=set)
    """Those of records that were linked once and are there no more."""

    def take(self, rows: Iterable[Record]) -> None:
        """Look at some records; of two with the same mark, one that is not void counts."""
        for row in rows:
            name = marker_of(row)
            if name not in self.wanted:
                continue
            told, since = self.wanted[name]
            if is_forerunner(answers.created_at(row), since) and not _says_the_same(told, row):
                self.lost.add(name)
            elif name not in self.found or answers.is_voided(self.found[name]):
                self.found[name] = row


def marker_of(record: Record) -> Marker | None:
    """The mark that a record carries."""
    return marker.find(text(record, "PrivateNote"))


def ours_since(kind: str, ids: Sequence[int]) -> dict[int, datetime]:
    """{our id: when it was opened here, or recorded}, in UTC."""
    table, moment = (Document, Document.opened_at) if kind in DOCUMENTS else (Payment, Payment.recorded_at)
    rows = db.session.execute(select(table.id, moment).where(table.id.in_(ids)))
    found = {our_id: at for our_id, at in rows if at is not None}
    end_reading()
    return found


def newer_here(connection_id: int, kind: str, ids: Sequence[int]) -> set[int]:
    """The ids of those that for sure say no less than what was told of them before that was forgotten.

    They were linked before a disconnect, or amended since nobody knows what was told. A restored one that nobody has
    amended may itself be the older one.
    """
    unsure_since = policy_seen(connection_id).unsure_since
    if unsure_since is None:
        return set()
    entry = TimelineEntry
    amended = select(entry.subject_id).where(entry.subject_kind == kind, entry.subject_id.in_(ids))
    linked = select(FormerLink.subject_id).where(FormerLink.connection_id == connection_id, FormerLink.kind == kind)
    found = set(db.session.scalars(amended.where(entry.verb.in_(_AMENDED), entry.at >= unsure_since)))
    found |= set(db.session.scalars(linked.where(FormerLink.subject_id.in_(ids))))
    end_reading()
    return found


def _says_the_same(told: Record, row: Record) -> bool:
    """Whether customer and net amount are those that were sent."""
    same_customer = answers.ref(told, "CustomerRef") == answers.ref(row, "CustomerRef")
    return same_customer and _net_pence(told) == _net_pence(row)


def _net_pence(record: Record) -> int:
    """Of a payment, which has no such lines, its total."""
    sold = [line for line in parts(record, "Line") if text(line, "DetailType") == "SalesItemLineDetail"]
    amounts = [said(line, "Amount") for line in sold] or [said(record, "TotalAmt")]
    return sum(map(answers.pence, amounts))
