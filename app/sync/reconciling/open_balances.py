"""The open balances of a run as they are kept: written at its end, read for its page, with words for each part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ForeignKey, String, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.billing.amounts import Pence
from app.billing.document import Document
from app.foundation.database import Base, db
from app.foundation.tenancy import BY_KEY, HistoryRow, current_organisation
from app.sync.comparing.findings import WORDS, Difference
from app.sync.reconciling import open_sums
from app.sync.reconciling.open_sums import Part, Sides, Sum

_AT_ONCE = 500
_SAID: Mapping[str, str] = {
    **{cause.value: word for cause, word in WORDS.items()},
    Part.AGREES: "The same on both sides",
    Part.NOT_SENT: "Open here, not in QuickBooks",
    Part.LEFT_OUT: "On its way while both were compared",
    Part.OLDER: "Open in QuickBooks, linked to nothing here",
    Part.JUST_PAID: "Paid while both were compared",
    Part.UNEXPLAINED: "Explained by nothing that is listed",
}
_PLACES = {Part.AGREES: 0, Part.LEFT_OUT: 2, Part.NOT_SENT: 3, Part.OLDER: 4}
"""Where a part stands in the table; the listed differences between what agrees and what one side alone has."""
_ONE_SIDED = (Part.NOT_SENT, Part.OLDER)


class OpenBalance(HistoryRow, Base):
    """What one part of the open documents comes to in one currency; in pence, credit notes counted down."""

    __tablename__ = "reconciliation_open"

    run_id: Mapped[int] = mapped_column(ForeignKey("reconciliation_run.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    part: Mapped[str] = mapped_column(String(40), primary_key=True)
    """A `Part`, or the cause of listed differences."""
    documents: Mapped[int]
    ours_pence: Mapped[Pence]
    theirs_pence: Mapped[Pence]

    @property
    def difference_pence(self) -> int:
        """Theirs less ours."""
        return self.theirs_pence - self.ours_pence

    @property
    def said(self) -> str:
        """What its documents have in common, in words."""
        return _SAID[self.part]

    @property
    def cause(self) -> str:
        """The cause under which its differences are listed; empty where they are not."""
        return "" if self.part in {*Part} else self.part


@dataclass(frozen=True)
class OpenBooks:
    """What is open in one currency: the parts, and what they come to."""

    currency: str
    parts: Sequence[OpenBalance] = ()

    @property
    def ours_pence(self) -> int:
        """All that is open here."""
        return sum(part.ours_pence for part in self.parts)

    @property
    def theirs_pence(self) -> int:
        """All that is open there."""
        return sum(part.theirs_pence for part in self.parts)

    @property
    def difference_pence(self) -> int:
        """Theirs less ours."""
        return self.theirs_pence - self.ours_pence

    @property
    def is_one_sided(self) -> bool:
        """Whether all of the difference are documents that the other side does not have at all."""
        return all(part.part in _ONE_SIDED for part in self.parts if part.difference_pence)


def found(apart: Sides, told: Sequence[Difference]) -> open_sums.Sums:
    """What is open by now on documents that were found apart: the run may have taken over what it found.

    In the caller's transaction.
    """
    now = _as_they_are({mine.subject_id for mine in apart.compared})
    return open_sums.sums(
        replace(apart, compared=[replace(mine, **now[mine.subject_id]) for mine in apart.compared]), told
    )


def _as_they_are(document_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    ids, kept = sorted(document_ids), {}
    for start in range(0, len(ids), _AT_ONCE):
        some = select(Document).where(Document.id.in_(ids[start : start + _AT_ONCE]))
        for row in db.session.scalars(some, execution_options=BY_KEY):
            kept[row.id] = {
                "is_void": row.voided_at is not None,
                "owed_pence": row.owed_pence,
                "settled_pence": row.settled_pence,
                "currency": row.currency,
            }
    return kept


def write(session: Session, run_id: int, balances: open_sums.Sums) -> None:
    """Keep the open balances of a run, in the caller's transaction."""
    session.execute(delete(OpenBalance).where(OpenBalance.run_id == run_id))
    rows = [_row(run_id, currency, part, total) for (currency, part), total in balances.items()]
    if rows:
        session.execute(insert(OpenBalance), rows)


def _row(run_id: int, currency: str, part: str, total: Sum) -> dict[str, Any]:
    return {
        "organisation_id": current_organisation(),
        "run_id": run_id,
        "currency": currency,
        "part": str(part),
        "documents": total.documents,
        "ours_pence": total.ours,
        "theirs_pence": total.theirs,
    }


def of_run(run_id: int, home_currency: str) -> list[OpenBooks]:
    """What was open at the end of a run, a table for each currency, the one at home first."""
    kept = select(OpenBalance).where(OpenBalance.run_id == run_id)
    parts: defaultdict[str, list[OpenBalance]] = defaultdict(list)
    for row in sorted(db.session.scalars(kept), key=_place):
        parts[row.currency].append(row)
    ordered = sorted(parts, key=lambda currency: (currency != home_currency, currency))
    return [OpenBooks(currency, parts[currency]) for currency in ordered]


def _place(row: OpenBalance) -> tuple[int, int, str]:
    places: Mapping[str, int] = {str(part): place for part, place in _PLACES.items()}
    return places.get(row.part, 1), -abs(row.difference_pence), row.part
