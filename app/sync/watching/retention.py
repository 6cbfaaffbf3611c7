"""Retention: what is old and no longer needed is taken away, a few rows at a time; what is still needed stays for good.

It walks each table once a day by its key, from the oldest row to the first that is young. The row of the day says how
far it has come, so any worker goes on where another one stopped, and two never do the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, aliased, mapped_column

from app.foundation import clock
from app.foundation.columns import UTCDateTime
from app.foundation.database import Base, db, end_reading, rows_changed, transaction
from app.foundation.settings import Settings
from app.foundation.tenancy import everywhere
from app.outbox.models import Message, MessageState
from app.sync.listening.deliveries import Delivery, Event, EventState
from app.sync.records.attempts import Attempt
from app.sync.records.envelopes import Envelope, EnvelopeState, Member

FROM_HOUR = 3
"""UTC; the hours before are the nightly comparison's."""
AT_ONCE = 500
"""Rows of one step: some ten milliseconds of the one write lock that SQLite has."""
_ENDED = (MessageState.DONE, MessageState.SKIPPED, MessageState.CANCELLED)


class RetentionDay(Base):
    """One day's clearing: where it stands, and how many rows of each kind it has taken away."""

    __tablename__ = "retention_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stage: Mapped[int] = mapped_column(default=0)
    """The place in `SHELVES`."""
    cursor: Mapped[int] = mapped_column(default=0)
    """The key of the last row that was looked at in this stage."""
    attempts: Mapped[int] = mapped_column(default=0)
    envelopes: Mapped[int] = mapped_column(default=0)
    messages: Mapped[int] = mapped_column(default=0)
    events: Mapped[int] = mapped_column(default=0)
    deliveries: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True)
class Shelf:
    """One table: how long its rows are kept, when a row came in, and which old rows nobody needs any more."""

    name: str
    table: Any
    days: Callable[[Settings], int]
    """0: for good."""
    came: InstrumentedAttribute[Any]
    """Rises with the key, so the walk ends at the first rows that are young."""
    spare: Callable[[datetime], ColumnElement[bool]]
    has_members: bool = False
    """Whether rows of envelopes' members go with it."""


def _spare_attempts(_before: datetime) -> ColumnElement[bool]:
    """All but the last about each subject, and what belongs to an operation that is not over."""
    newer = aliased(Attempt)
    overtaken = exists().where(
        newer.kind == Attempt.kind,
        newer.subject_id == Attempt.subject_id,
        newer.connection_id == Attempt.connection_id,
        newer.id > Attempt.id,
    )
    return and_(overtaken, exists().where(Message.id == Attempt.message_id, Message.state.in_(_ENDED)))


def _spare_envelopes(before: datetime) -> ColumnElement[bool]:
    """What was answered. Of an unknown outcome the exact bytes are needed, and its members."""
    return and_(Envelope.state != EnvelopeState.STORED, Envelope.answered_at < before)


def _spare_messages(before: datetime) -> ColumnElement[bool]:
    """Those that are over and were followed by another about the same subject, once nothing names them any more."""
    newer = aliased(Message)
    overtaken = exists().where(
        newer.kind == Message.kind,
        newer.subject_id == Message.subject_id,
        newer.billing_entity_id == Message.billing_entity_id,
        newer.mode == Message.mode,
        newer.id > Message.id,
    )
    named = or_(exists().where(Attempt.message_id == Message.id), exists().where(Member.message_id == Message.id))
    return and_(Message.state.in_(_ENDED), Message.settled_at < before, overtaken, ~named)


def _spare_events(before: datetime) -> ColumnElement[bool]:
    """Those that were taken in; what failed waits for somebody."""
    return and_(Event.state.in_((EventState.APPLIED, EventState.IGNORED, EventState.LEFT)), Event.processed_at < before)


def _spare_deliveries(_before: datetime) -> ColumnElement[bool]:
    """Those that were opened or refused, once no event of theirs is left."""
    over = or_(Delivery.processed_at.is_not(None), Delivery.rejection.is_not(None))
    return and_(over, ~exists().where(Event.delivery_id == Delivery.id))


def _log_days(settings: Settings) -> int:
    return settings.keep_log_days


def _webhook_days(settings: Settings) -> int:
    return settings.keep_webhooks_days


SHELVES = (
    Shelf("attempts", Attempt, _log_days, Attempt.at, _spare_attempts),
    Shelf("envelopes", Envelope, _log_days, Envelope.stored_at, _spare_envelopes, has_members=True),
    Shelf("messages", Message, _log_days, Message.posted_at, _spare_messages),
    Shelf("events", Event, _webhook_days, Event.processed_at, _spare_events),
    Shelf("deliveries", Delivery, _webhook_days, Delivery.arrived_at, _spare_deliveries),
)
"""In this order: nothing is taken away that something else still names."""


def step(settings: Settings) -> bool:
    """One step of today's clearing; returns whether another one may follow. Begins the day where nobody has."""
    now = clock.now()
    if now.hour < FROM_HOUR:
        return False
    known = db.session.get(RetentionDay, now.date())
    is_over = known is not None and known.ended_at is not None
    end_reading()
    if is_over or (known is None and not _begin(now)):
        return False
    with everywhere(), transaction() as session:
        day = session.get_one(RetentionDay, now.date(), with_for_update=True, populate_existing=True)
        return day.ended_at is None and _go_on(session, day, settings)


def last_day() -> RetentionDay | None:
    """The last clearing, under way or over."""
    return db.session.scalars(select(RetentionDay).order_by(RetentionDay.day.desc()).limit(1)).first()


def _begin(now: datetime) -> bool:
    """Of several workers one begins the day; whoever was second goes on at the next step."""
    try:
        with transaction() as session:
            session.add(RetentionDay(day=now.date(), began_at=now))
    except IntegrityError:
        return False
    return True


def _go_on(session: Session, day: RetentionDay, settings: Settings) -> bool:
    shelf = SHELVES[day.stage]
    kept = shelf.days(settings)
    before = clock.now() - timedelta(days=kept)
    rows = _next_rows(session, shelf, day.cursor) if kept else []
    if not rows or _are_young(rows, before):
        return _next_stage(day)
    old = [key for key, came in rows if came is not None and came < before]
    gone = _take_away(session, shelf, old, before)
    setattr(day, shelf.name, getattr(day, shelf.name) + gone)
    day.cursor = rows[-1][0]
    return True


def _are_young(rows: Sequence[tuple[int, datetime | None]], before: datetime) -> bool:
    """Whether the walk has come to the young ones. A row that was never settled tells no age: older ones may follow."""
    told = [came for _key, came in rows if came is not None]
    return bool(told) and min(told) >= before


def _next_rows(session: Session, shelf: Shelf, cursor: int) -> Sequence[tuple[int, datetime | None]]:
    walk = select(shelf.table.id, shelf.came).where(shelf.table.id > cursor).order_by(shelf.table.id).limit(AT_ONCE)
    return [(key, came) for key, came in session.execute(walk)]


def _next_stage(day: RetentionDay) -> bool:
    day.stage, day.cursor = day.stage + 1, 0
    if day.stage < len(SHELVES):
        return True
    day.stage, day.ended_at = 0, clock.now()
    return False


def _take_away(session: Session, shelf: Shelf, old: Sequence[int], before: datetime) -> int:
    wanted = select(shelf.table.id).where(shelf.table.id.in_(old), shelf.spare(before))
    spare = list(session.scalars(wanted))
    if not spare:
        return 0
    quick = {"synchronize_session": False}
    if shelf.has_members:
        session.execute(delete(Member).where(Member.envelope_id.in_(spare)), execution_options=quick)
    return rows_changed(session.execute(delete(shelf.table).where(shelf.table.id.in_(spare)), execution_options=quick))
