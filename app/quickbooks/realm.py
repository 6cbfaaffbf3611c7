"""The rows kept for each company and each app, whoever's they are: the governor's desk and its counters.

They belong to no organisation: the limits are Intuit's, and one company has one set of them.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import JSON, Double, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.columns import UTCDateTime
from app.foundation.database import Base


class Realm(NamedTuple):
    """A QuickBooks company of one mode."""

    realm_id: str
    mode: str


class Governor(Base):
    """The guard of one company: who may write, who may read, and how many calls have left lately.

    Moments are UTC; the bare numbers are seconds since 1970, for the bucket reckons with fractions.
    """

    __tablename__ = "governor"

    realm_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    mode: Mapped[str] = mapped_column(String(10), primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
    """Rises with every change, so that a panel that saw this one need not be drawn again."""

    owner: Mapped[str | None] = mapped_column(String(120))
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    call_over_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the holder's last write can no longer be running on our side: sent at + the longest it may take."""
    reader: Mapped[str | None] = mapped_column(String(40))
    read_over_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    tat: Mapped[float] = mapped_column(Double, default=0.0)
    batches: Mapped[list[float]] = mapped_column(JSON, default=list)
    paused_from: Mapped[float] = mapped_column(Double, default=0.0, server_default="0")
    paused_until: Mapped[float] = mapped_column(Double, default=0.0)
    paused_why: Mapped[str] = mapped_column(Text, default="")
    pace: Mapped[float] = mapped_column(Double, default=1.0, server_default="1")
    """The share of our rates that is left after throttlings; the rest is in `limits`."""
    paced_at: Mapped[float] = mapped_column(Double, default=0.0, server_default="0")
    unknown_streak: Mapped[int] = mapped_column(default=0)
    unknown_subjects: Mapped[list[str]] = mapped_column(JSON, default=list)
    breaker_step: Mapped[int] = mapped_column(default=0)
    """0 while closed; otherwise how often it has opened in a row."""
    breaker_until: Mapped[float] = mapped_column(Double, default=0.0)


class CallMinute(Base):
    """What left for one company in one minute; kept for two hours."""

    __tablename__ = "call_minute"

    realm_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    mode: Mapped[str] = mapped_column(String(10), primary_key=True)
    minute: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    requests: Mapped[int] = mapped_column(default=0)
    reads: Mapped[int] = mapped_column(default=0)
    writes: Mapped[int] = mapped_column(default=0)
    batches: Mapped[int] = mapped_column(default=0)
    throttled: Mapped[int] = mapped_column(default=0)
    errors: Mapped[int] = mapped_column(default=0)


class ReadMonth(Base):
    """Reads of one Intuit app in one month, which Intuit meters; only successful ones in production count."""

    __tablename__ = "read_month"

    client_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    reads: Mapped[int] = mapped_column(default=0)
