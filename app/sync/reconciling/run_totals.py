"""Both sides' totals of a comparison, month by month and currency by currency, each document in the month of its date.

Ours are all documents that are believed to be there, those that are missing too; theirs are the same as QuickBooks
shows them, and those that are there alone. So the difference is what the differences found come to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.billing.amounts import Pence
from app.foundation.database import Base, db
from app.foundation.tenancy import HistoryRow, current_organisation
from app.quickbooks.answers import DocumentSeen
from app.sync.comparing.findings import Difference
from app.sync.comparing.pictures import Key
from app.sync.comparing.sides import Ours
from app.sync.judging.kinds import KINDS

_CREDITS = frozenset({KINDS["credit_note"].entity})


class RunTotal(HistoryRow, Base):
    """One month and currency of one run; amounts in pence, credit notes counted down."""

    __tablename__ = "reconciliation_total"

    run_id: Mapped[int] = mapped_column(ForeignKey("reconciliation_run.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    """Its first day."""
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    documents: Mapped[int]
    ours_pence: Mapped[Pence]
    theirs_pence: Mapped[Pence]

    @property
    def difference_pence(self) -> int:
        """Theirs less ours."""
        return self.theirs_pence - self.ours_pence


@dataclass
class _Sum:
    documents: int = 0
    ours: int = 0
    theirs: int = 0


Sums = Mapping[tuple[date, str], _Sum]


def sums(ours: Sequence[Ours], theirs: Mapping[Key, DocumentSeen], strangers: Sequence[Difference]) -> Sums:
    """Add up both sides by (first day of the month, currency). Pure."""
    found: defaultdict[tuple[date, str], _Sum] = defaultdict(_Sum)
    for mine in ours:
        here = found[mine.issue_date.replace(day=1), mine.currency]
        here.documents += 1
        here.ours += 0 if mine.is_void else _signed(mine.entity, mine.owed_pence)
    for mine in ours:
        _add(found, mine.entity, theirs.get((mine.entity, mine.remote_id)), (mine.issue_date, mine.currency))
    for one in strangers:
        _add(found, one.entity, theirs.get((one.entity, one.remote_id)), None)
    return found


def in_all(found: Sums, currency: str) -> tuple[int, int]:
    """What the months of one currency come to, in pence: ours and theirs. Pure."""
    wanted = [total for (_month, of), total in found.items() if of == currency]
    return sum(total.ours for total in wanted), sum(total.theirs for total in wanted)


def by_currency(totals: Sequence[RunTotal]) -> dict[str, _Sum]:
    """The last rows of the table of a run: all months of each currency. Pure."""
    found: defaultdict[str, _Sum] = defaultdict(_Sum)
    for total in totals:
        row = found[total.currency]
        row.documents += total.documents
        row.ours += total.ours_pence
        row.theirs += total.theirs_pence
    return dict(sorted(found.items()))


def _add(
    found: defaultdict[tuple[date, str], _Sum],
    entity: str,
    seen: DocumentSeen | None,
    otherwise: tuple[date, str] | None,
) -> None:
    """Add theirs where it says it belongs; what it does not say is as it is here."""
    if seen is None or seen.deleted:
        return
    day, currency = seen.txn_date or (otherwise and otherwise[0]), seen.currency or (otherwise and otherwise[1])
    if day and currency:
        found[day.replace(day=1), currency].theirs += _signed(entity, seen.total_pence)


def write(session: Session, run_id: int, found: Sums) -> None:
    """Keep the totals of a run, in the caller's transaction."""
    session.execute(delete(RunTotal).where(RunTotal.run_id == run_id))
    rows = [_row(run_id, month, currency, total) for (month, currency), total in found.items()]
    if rows:
        session.execute(insert(RunTotal), rows)


def of_run(run_id: int) -> list[RunTotal]:
    """The totals of a run, the newest month first."""
    kept = select(RunTotal).where(RunTotal.run_id == run_id)
    return list(db.session.scalars(kept.order_by(RunTotal.month.desc(), RunTotal.currency)))


def _signed(entity: str, pence: int) -> int:
    return -pence if entity in _CREDITS else pence


def _row(run_id: int, month: date, currency: str, total: _Sum) -> dict[str, Any]:
    return {
        "organisation_id": current_organisation(),
        "run_id": run_id,
        "month": month,
        "currency": currency,
        "documents": total.documents,
        "ours_pence": total.ours,
        "theirs_pence": total.theirs,
    }
