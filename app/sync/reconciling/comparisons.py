"""What the reconciliation pages show: runs, open differences, rounding variances; and what a person decides on them."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Select, case, func, select

from app.billing.document import ROUNDED, Document
from app.billing.entities import entities
from app.billing.kinds import ISSUED
from app.billing.timeline import Actor, note
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError
from app.outbox import lanes
from app.outbox.models import MessageState, Subject
from app.sync.comparing.drifts import Drift, DriftCause, ReconciliationRun, RunState
from app.sync.comparing.findings import WORDS
from app.sync.judging.kinds import DOCUMENTS
from app.sync.records.slices import Place, Slice, slice_of
from app.sync.records.tied import connection_of

LONGEST_REASON = 500
PUT_RIGHT = (
    *(DriftCause.PAYMENT_MISSED, DriftCause.PAYMENT_GONE, DriftCause.PAYMENT_EDITED, DriftCause.PAYMENT_MOVED),
    *(DriftCause.CREDIT_APPLIED, DriftCause.CUSTOMER_MERGED),
)
"""What a comparison puts right itself: both sides agree about the books, one had only not heard of it."""
_MOST_SHOWN = 200


def here() -> list[int]:
    """The ids of the organisation's connections in the present modes of its billing entities."""
    found = (connection_of(entity.lane) for entity in entities())
    return [connection.id for connection in found if connection is not None]


def held() -> int:
    """How much of what QuickBooks was to be told waits for somebody: what it would mend stays different until then."""
    return sum(lanes.counts(entity.lane).get(MessageState.PARKED, 0) for entity in entities())


def runs(place: Place) -> Slice[ReconciliationRun]:
    """All runs, the newest first."""
    return slice_of(select(ReconciliationRun), ReconciliationRun.id, place)


def all_runs() -> list[ReconciliationRun]:
    """The same, for a file."""
    return list(db.session.scalars(select(ReconciliationRun).order_by(ReconciliationRun.id.desc())))


def last_done() -> ReconciliationRun | None:
    """The newest run that came to its end, of the present companies."""
    done = select(ReconciliationRun).where(
        ReconciliationRun.state == RunState.DONE, ReconciliationRun.connection_id.in_(here())
    )
    return db.session.scalars(done.order_by(ReconciliationRun.id.desc()).limit(1)).first()


def newest_done() -> list[ReconciliationRun]:
    """The newest run of each of the present companies that came to its end."""
    done = (ReconciliationRun.state == RunState.DONE, ReconciliationRun.connection_id.in_(here()))
    newest = select(func.max(ReconciliationRun.id)).where(*done).group_by(ReconciliationRun.connection_id)
    rows = select(ReconciliationRun).where(ReconciliationRun.id.in_(newest))
    return list(db.session.scalars(rows.order_by(ReconciliationRun.connection_id)))


def latest_done(most: int) -> list[ReconciliationRun]:
    """The newest runs of the present companies that came to their end, the oldest of them first."""
    done = select(ReconciliationRun).where(
        ReconciliationRun.state == RunState.DONE, ReconciliationRun.connection_id.in_(here())
    )
    return list(db.session.scalars(done.order_by(ReconciliationRun.id.desc()).limit(most)))[::-1]


def under_way() -> ReconciliationRun | None:
    """The run that waits or runs, if any."""
    open_ones = select(ReconciliationRun).where(ReconciliationRun.state.in_((RunState.WAITING, RunState.RUNNING)))
    return db.session.scalars(open_ones.order_by(ReconciliationRun.id.desc()).limit(1)).first()


def drifts(place: Place, *, cause: str = "", ignored: bool = False) -> Slice[Drift]:
    """Open differences, the newest first: those that want a decision, or those that a person ignores."""
    wanted = _open(ignored=ignored)
    return slice_of(wanted.where(Drift.cause == cause) if cause else wanted, Drift.id, place)


def drifts_about(subject: Subject) -> list[Drift]:
    """Open differences of one document, client or payment that want a decision, the oldest first."""
    ours = (Drift.kind == subject.kind, Drift.subject_id == subject.id)
    return list(db.session.scalars(_open(ignored=False).where(*ours).order_by(Drift.id)))


def all_drifts() -> list[Drift]:
    """Every open difference, for a file."""
    wanted = select(Drift).where(Drift.connection_id.in_(here()), Drift.closed_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Drift.id)))


def drift_counts(*, ignored: bool = False) -> Counter[DriftCause]:
    """How many open differences there are of each cause."""
    causes = _open(ignored=ignored).with_only_columns(Drift.cause, func.count()).group_by(Drift.cause)
    return Counter({DriftCause(cause): int(number) for cause, number in db.session.execute(causes)})


def variances(place: Place) -> Slice[Document]:
    """Issued documents that QuickBooks rounds differently, the newest first."""
    rounded = select(Document).where(ROUNDED, Document.status.in_(ISSUED))
    return slice_of(rounded, Document.id, place)


def variances_in_all() -> tuple[int, int]:
    """(how many documents are rounded differently, what that comes to in pence, credit notes counted down)."""
    sign = case((Document.kind == "credit_note", -1), else_=1)
    summed = select(func.count(), func.sum(sign * Document.rounding_adjustment_pence)).where(
        ROUNDED, Document.status.in_(ISSUED)
    )
    number, pence = db.session.execute(summed).one()
    return int(number), int(pence or 0)


def of_cause(cause: str, most: int) -> list[Drift]:
    """Open differences of a cause that want a decision, the oldest first, and no more than so many."""
    wanted = _open(ignored=False).where(Drift.cause == cause).order_by(Drift.id).limit(most)
    return list(db.session.scalars(wanted))


def put_right(run_id: int) -> list[Drift]:
    """What a run found and put right itself, because only an event had been lost."""
    done = select(Drift).where(Drift.run_id == run_id, Drift.closed_at.is_not(None), Drift.cause.in_(PUT_RIGHT))
    return list(db.session.scalars(done.order_by(Drift.cause, Drift.id).limit(_MOST_SHOWN)))


def ignore_cause(cause: str, actor: Actor, reason: str) -> int:
    """Accept all open differences of a cause as long as their values last; returns how many. Raises BadInputError."""
    reason = _checked(reason)
    with transaction() as session:
        drifts = list(session.scalars(_open(ignored=False).where(Drift.cause == cause)))
        for drift in drifts:
            _ignore(drift, actor, reason)
        return len(drifts)


def ignore(drift_id: int, actor: Actor, reason: str) -> Drift:
    """A person knows about a difference and accepts it as long as its values last. Raises BadInputError without why."""
    reason = _checked(reason)
    with transaction() as session:
        drift = session.get_one(Drift, drift_id)
        _ignore(drift, actor, reason)
        return drift


def _checked(reason: str) -> str:
    kept = reason.strip()[:LONGEST_REASON]
    if not kept:
        raise BadInputError("reason", "Say why it may stay as it is.")
    return kept


def _ignore(drift: Drift, actor: Actor, reason: str) -> None:
    drift.ignored_by, drift.ignored_reason = actor.name, reason
    _tell(drift, f"A difference to QuickBooks was accepted: {WORDS[drift.cause].lower()}. {reason}", actor)


def look_again(drift_id: int, actor: Actor) -> Drift:
    """An ignored difference wants a decision again."""
    with transaction() as session:
        drift = session.get_one(Drift, drift_id)
        drift.ignored_by = drift.ignored_reason = None
        _tell(drift, "An accepted difference to QuickBooks was opened again.", actor)
        return drift


def _tell(drift: Drift, sentence: str, actor: Actor) -> None:
    if drift.kind in DOCUMENTS:
        note(Subject(drift.kind, drift.subject_id), "drift", sentence, actor=actor)


def _open(*, ignored: bool) -> Select[Drift]:
    seen = Drift.ignored_by.is_not(None) if ignored else Drift.ignored_by.is_(None)
    return select(Drift).where(Drift.connection_id.in_(here()), Drift.closed_at.is_(None), seen)
