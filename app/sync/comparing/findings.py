"""Drift rows: a difference is written once, stays open while it is seen, closes by itself when it is gone."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.foundation import clock
from app.foundation.database import db
from app.sync.comparing.drifts import Drift, DriftCause
from app.sync.records.links import Link

WORDS = {
    DriftCause.AMOUNT: "Amount differs",
    DriftCause.PRICE: "Price of a line differs",
    DriftCause.QUANTITY: "Quantity differs",
    DriftCause.LINE_ADDED: "Line added there",
    DriftCause.LINE_REMOVED: "Line missing there",
    DriftCause.TAX_CODE: "Tax code differs",
    DriftCause.TAX: "Tax differs",
    DriftCause.NUMBER: "Number differs",
    DriftCause.DATE: "Date differs",
    DriftCause.DUE_DATE: "Due date differs",
    DriftCause.CUSTOMER: "Another customer",
    DriftCause.CUSTOMER_MERGED: "Customer merged",
    DriftCause.CUSTOMER_INACTIVE: "Customer inactive",
    DriftCause.CURRENCY: "Another currency",
    DriftCause.RATE: "Exchange rate changed",
    DriftCause.PAID_THERE: "Paid there, not here",
    DriftCause.PAID_HERE: "Paid here, not there",
    DriftCause.ONLY_HERE: "Here only",
    DriftCause.ONLY_THERE: "There only",
    DriftCause.DUPLICATE: "Made twice there",
    DriftCause.VOIDED_THERE: "Void on one side",
    DriftCause.REMOVED_THERE: "Deleted there",
    DriftCause.PAYMENT_MISSED: "Payment had not reached us",
    DriftCause.PAYMENT_GONE: "Payment deleted there",
    DriftCause.PAYMENT_EDITED: "Payment changed there",
    DriftCause.PAYMENT_MOVED: "Payment moved there",
    DriftCause.CREDIT_APPLIED: "Credit applied there",
}

EXPLANATIONS = {
    DriftCause.AMOUNT: "The total was changed on one side only.",
    DriftCause.PRICE: "The price of a line was changed in QuickBooks.",
    DriftCause.QUANTITY: "The quantity of a line was changed in QuickBooks.",
    DriftCause.LINE_ADDED: "A line was added in QuickBooks.",
    DriftCause.LINE_REMOVED: "A line was taken out in QuickBooks.",
    DriftCause.TAX_CODE: "The tax code of a line was changed in QuickBooks.",
    DriftCause.TAX: "All lines agree and only the tax differs, by more than rounding explains.",
    DriftCause.NUMBER: "The number was changed on one side only.",
    DriftCause.DATE: "The date was changed on one side only.",
    DriftCause.DUE_DATE: "The due date was changed on one side only.",
    DriftCause.CUSTOMER: "It stands on another customer in QuickBooks than its client is linked to.",
    DriftCause.CUSTOMER_MERGED: "Its customer was merged into another one in QuickBooks, where its documents are now.",
    DriftCause.CUSTOMER_INACTIVE: "The customer was made inactive in QuickBooks, so nothing new can be sent for it.",
    DriftCause.CURRENCY: "It is in another currency in QuickBooks.",
    DriftCause.RATE: "The exchange rate was changed in QuickBooks; amounts in its own currency are the same.",
    DriftCause.PAID_THERE: "QuickBooks shows more paid than Counterfoil.",
    DriftCause.PAID_HERE: "Counterfoil shows more paid than QuickBooks.",
    DriftCause.ONLY_HERE: "The record it is linked to is not in QuickBooks, and nothing tells that it was deleted.",
    DriftCause.ONLY_THERE: "It is in QuickBooks and linked to nothing here.",
    DriftCause.DUPLICATE: "It says what a document of ours says that is in QuickBooks already: probably made twice.",
    DriftCause.VOIDED_THERE: "It was voided in QuickBooks, not here.",
    DriftCause.REMOVED_THERE: "It was deleted in QuickBooks. It is never made again by itself.",
    DriftCause.PAYMENT_MISSED: "It was received in QuickBooks and never reached us; now it is applied here too.",
    DriftCause.PAYMENT_GONE: "It was deleted or voided in QuickBooks and we missed it; now it is taken back here too.",
    DriftCause.PAYMENT_EDITED: "Its amount was changed in QuickBooks while we missed it; now it is the same here.",
    DriftCause.PAYMENT_MOVED: "It was moved to other documents in QuickBooks; now it is divided here as it is there.",
    DriftCause.CREDIT_APPLIED: "A credit was applied in QuickBooks and never reached us; now it is applied here too.",
}


Key = tuple[str, str, str, str, int]
"""Cause, entity, their id, our kind, our id: what makes two findings the same."""
_AT_ONCE = 500
"""Differences whose rows one statement asks for."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One difference between both sides, with both values as a person reads them."""

    cause: DriftCause
    entity: str
    remote_id: str = ""
    kind: str = ""
    subject_id: int = 0
    label: str
    ours: str
    theirs: str
    explanation: str = ""
    """The likely cause in words, where more is known than the kind of difference says."""

    @property
    def key(self) -> Key:
        """What makes two findings the same."""
        return self.cause.value, self.entity, self.remote_id, self.kind, self.subject_id


def report(link: Link, cause: DriftCause, ours: str, theirs: str) -> None:
    """Write one difference about a linked record, in the caller's transaction."""
    difference = Difference(
        cause=cause,
        entity=link.entity,
        remote_id=link.remote_id,
        kind=link.kind,
        subject_id=link.subject_id,
        label=link.remote_number or link.remote_id,
        ours=ours,
        theirs=theirs,
    )
    write(link.connection_id, difference, run_id=None)


def write(connection_id: int, difference: Difference, run_id: int | None) -> None:
    """Open this difference, or keep it open with today's values; an ignored one stays so while its values last."""
    write_all(connection_id, [difference], run_id)


def write_all(connection_id: int, differences: Sequence[Difference], run_id: int | None) -> list[Drift]:
    """The same for many, and their rows; what is known of them is asked for once for hundreds."""
    rows: list[Drift] = []
    for start in range(0, len(differences), _AT_ONCE):
        some = differences[start : start + _AT_ONCE]
        known = _known(connection_id, some)
        rows += [_written(connection_id, difference, known, run_id) for difference in some]
    return rows


def _known(connection_id: int, differences: Sequence[Difference]) -> dict[Key, Drift]:
    """The rows of these differences, open or closed, and perhaps some others."""
    about = select(Drift).where(
        Drift.connection_id == connection_id,
        Drift.cause.in_({difference.cause for difference in differences}),
        Drift.entity.in_({difference.entity for difference in differences}),
        Drift.remote_id.in_({difference.remote_id for difference in differences}),
    )
    return {_key(row): row for row in db.session.scalars(about)}


def _written(connection_id: int, difference: Difference, known: dict[Key, Drift], run_id: int | None) -> Drift:
    row = known.get(difference.key)
    if row is None:
        row = known[difference.key] = _new(connection_id, difference)
        db.session.add(row)
    elif row.closed_at is not None or (row.ours, row.theirs) != (difference.ours, difference.theirs):
        # Closed before, or other values than those a person chose to ignore: it is news.
        row.found_at = clock.now() if row.closed_at else row.found_at
        row.closed_at = row.ignored_by = row.ignored_reason = row.run_id = None
    row.label, row.ours, row.theirs = difference.label, difference.ours, difference.theirs
    row.run_id = run_id or row.run_id
    row.explanation = difference.explanation or EXPLANATIONS[difference.cause]
    return row


def _new(connection_id: int, difference: Difference) -> Drift:
    return Drift(
        connection_id=connection_id,
        cause=difference.cause,
        entity=difference.entity,
        remote_id=difference.remote_id,
        kind=difference.kind,
        subject_id=difference.subject_id,
        found_at=clock.now(),
    )


def write_mended(connection_id: int, done: Iterable[Difference], run_id: int) -> None:
    """Keep what a comparison found and put right itself: shown with its run, and open for nobody."""
    for row in write_all(connection_id, list(done), run_id):
        row.found_at = row.closed_at = clock.now()


def resolve(link: Link, causes: Iterable[DriftCause]) -> None:
    """Both sides of a linked record agree again: close what was open about it with these causes."""
    about_it = (
        Drift.connection_id == link.connection_id,
        Drift.entity == link.entity,
        Drift.remote_id == link.remote_id,
        Drift.cause.in_(list(causes)),
        Drift.closed_at.is_(None),
    )
    for row in db.session.scalars(select(Drift).where(*about_it)):
        row.closed_at = clock.now()


def fresh(connection_id: int, seen: Iterable[Difference]) -> int:
    """How many of these no comparison has seen with these values yet; what an event told meanwhile is among them."""
    seen_before = (Drift.closed_at.is_(None), Drift.run_id.is_not(None))
    rows = db.session.scalars(select(Drift).where(Drift.connection_id == connection_id, *seen_before))
    known = {(_key(row), row.ours, row.theirs) for row in rows}
    return len({(one.key, one.ours, one.theirs) for one in seen} - known)


def close_others(connection_id: int, seen: Iterable[Difference], spared: Container[tuple[str, int]] = ()) -> int:
    """Close every open difference that a full comparison no longer sees; returns how many.

    Those about `spared` (kind, our id) stay: the comparison did not look at them.
    """
    keys = {difference.key for difference in seen}
    open_rows = db.session.scalars(select(Drift).where(Drift.connection_id == connection_id, Drift.closed_at.is_(None)))
    closed = 0
    for row in open_rows:
        if _key(row) not in keys and (row.kind, row.subject_id) not in spared:
            row.closed_at = clock.now()
            closed += 1
    return closed


def _key(row: Drift) -> Key:
    return row.cause.value, row.entity, row.remote_id, row.kind, row.subject_id
