"""How far each company's changes were taken in, and the claim on going on from there.

The cursor is a row of the connection. It moves only behind what was taken in, so a crash costs a repetition and loses
nothing. The moment at which a claim began is its mark: whoever claims after it writes another, and one that was taken
for dead writes nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.foundation import clock
from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base, transaction
from app.foundation.tenancy import OrganisationRow, everywhere
from app.quickbooks.models import Connection, ConnectionState
from app.sync.comparing.run_claims import CLAIMED_FOR, TakenOverError


class Gap(StrEnum):
    """Why something may have been missed."""

    OUTAGE = "outage"
    """No worker of ours lived for a while."""
    RECONNECTED = "reconnected"
    SILENCE = "silence"
    """Things change, and no webhook tells of it."""
    NIGHT = "night"


class Cursor(OrganisationRow, Base):
    """One company's place in the line of its changes, and what the last catching up came to."""

    __tablename__ = "sync_cursor"

    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    """Every change there before this moment was taken in."""
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When catching up began last; at first, when the company was connected."""
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it last came to its end."""
    held_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Until then whoever claimed it is believed to be alive, or QuickBooks has asked for patience."""
    gap: Mapped[Gap | None] = mapped_column(enum_of(Gap))
    """Why it is to be done; kept until it was, whoever dies meanwhile."""
    last_gap: Mapped[Gap | None] = mapped_column(enum_of(Gap))
    found: Mapped[int] = mapped_column(default=0)
    """Changes that the last one found and nobody had told."""
    reads: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(Text)
    heard_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the last webhook call about this company arrived."""
    missed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the newest change was made of which a webhook should have told us and did not."""
    run_id: Mapped[int | None] = mapped_column(ForeignKey("reconciliation_run.id"))
    """The full comparison that looks instead; the cursor moves when it is done."""

    def come_to(self, moment: datetime) -> None:
        """Every change before this moment was taken in; never back, but from where only a clock ahead has been."""
        self.since = moment if self.since > clock.latest() else max(self.since, moment)


@dataclass(frozen=True)
class CursorClaim:
    """The right to catch up with a company, claimed at `began`; `since` is where the last one came to."""

    connection_id: int
    began: datetime
    since: datetime

    @contextmanager
    def writing(self) -> Iterator[tuple[Session, Cursor]]:
        """A transaction with the cursor locked. Raises TakenOverError when another has claimed it meanwhile."""
        with transaction() as session:
            row = session.get_one(Cursor, self.connection_id, with_for_update=True, populate_existing=True)
            if row.started_at != self.began or row.held_until is None:
                raise TakenOverError
            row.held_until = clock.now() + CLAIMED_FOR
            yield session, row

    def end(self, until: datetime) -> None:
        """All of it was taken in: go on from `until` next time."""
        with self.writing() as (_session, row):
            row.come_to(until)
            row.ended_at, row.last_gap = clock.now(), row.gap
            row.gap = row.held_until = row.problem = None

    def wait(self, seconds: float, problem: str) -> None:
        """It did not come to its end; it is begun anew after so long."""
        with self.writing() as (_session, row):
            row.held_until, row.problem = clock.now() + timedelta(seconds=seconds), problem


def claim(connection_id: int, gap: Gap) -> CursorClaim | None:
    """Claim a company's cursor; None where another has it, it has to wait, or the company is not connected."""
    now = clock.now()
    with transaction() as session:
        connection = session.get_one(Connection, connection_id)
        row = session.get(Cursor, connection_id, with_for_update=True, populate_existing=True)
        row = row or begin(session, connection)
        held = row.held_until is not None and row.held_until > now and row.started_at <= clock.latest()
        if held or row.run_id is not None or connection.state is not ConnectionState.ACTIVE:
            return None
        row.gap, row.started_at, row.held_until = gap, now, now + CLAIMED_FOR
        row.found = row.reads = 0
        return CursorClaim(connection_id, now, row.since)


def begin(session: Session, connection: Connection) -> Cursor:
    """A company that was never looked at this way: nothing before it was connected is ours."""
    row = Cursor(connection_id=connection.id, organisation_id=connection.organisation_id)
    row.since = row.started_at = connection.connected_at
    session.add(row)
    session.flush()
    return row


def ask_all(session: Session, gap: Gap) -> None:
    """Every company is to be caught up with, in the caller's transaction."""
    with everywhere():
        session.execute(update(Cursor).values(gap=gap))


def note_heard(session: Session, connection_id: int, at: datetime) -> None:
    """A webhook call about this company arrived then, in the caller's transaction."""
    session.execute(update(Cursor).where(Cursor.connection_id == connection_id).values(heard_at=at))
