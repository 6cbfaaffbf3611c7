"""Reconciliation runs and the differences they found."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.billing.amounts import Pence
from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base
from app.foundation.tenancy import OrganisationRow


class RunState(StrEnum):
    """The life of a run."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class DriftCause(StrEnum):
    """What kind of difference was found."""

    AMOUNT = "amount"
    PRICE = "price"
    QUANTITY = "quantity"
    LINE_ADDED = "line_added"
    LINE_REMOVED = "line_removed"
    TAX_CODE = "tax_code"
    TAX = "tax"
    NUMBER = "number"
    DATE = "date"
    DUE_DATE = "due_date"
    CUSTOMER = "customer"
    CUSTOMER_MERGED = "customer_merged"
    CUSTOMER_INACTIVE = "customer_inactive"
    CURRENCY = "currency"
    RATE = "rate"
    PAID_THERE = "paid_there"
    PAID_HERE = "paid_here"
    ONLY_HERE = "only_here"
    ONLY_THERE = "only_there"
    DUPLICATE = "duplicate"
    VOIDED_THERE = "voided_there"
    REMOVED_THERE = "removed_there"
    PAYMENT_MISSED = "payment_missed"
    PAYMENT_GONE = "payment_gone"
    PAYMENT_EDITED = "payment_edited"
    PAYMENT_MOVED = "payment_moved"
    CREDIT_APPLIED = "credit_applied"


class ReconciliationRun(OrganisationRow, Base):
    """One comparison of both sides. Totals are pence over the documents that both sides have."""

    __tablename__ = "reconciliation_run"
    __table_args__ = (
        # The nightly tick claims its night by inserting this row; a second one for the same night can't be made.
        UniqueConstraint("connection_id", "night"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), index=True)
    night: Mapped[date | None]
    """The local day whose night this is; None for a run asked for by a person."""
    asked_by: Mapped[str] = mapped_column(String(200))
    state: Mapped[RunState] = mapped_column(enum_of(RunState), default=RunState.WAITING)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    held_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Until then the worker that claimed it is believed to be alive, or QuickBooks has asked for patience."""
    progress: Mapped[str] = mapped_column(String(200), default="")
    documents: Mapped[int] = mapped_column(default=0)
    our_total_pence: Mapped[Pence] = mapped_column(default=0)
    their_total_pence: Mapped[Pence] = mapped_column(default=0)
    matches: Mapped[int] = mapped_column(default=0)
    variances: Mapped[int] = mapped_column(default=0)
    drifts: Mapped[int] = mapped_column(default=0)
    payments_found: Mapped[int] = mapped_column(default=0)
    reads: Mapped[int] = mapped_column(default=0)
    is_full: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether all of the company was read, or, before it ran, whether somebody asked for that."""
    read_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The newest change that was seen, by QuickBooks' clock: from there the next run goes on."""
    not_compared: Mapped[str] = mapped_column(Text, default="")
    problem: Mapped[str | None] = mapped_column(Text)


class Drift(OrganisationRow, Base):
    """One difference, with both values. It stays open until a run no longer sees it, or a person ignores it."""

    __tablename__ = "drift"
    __table_args__ = (
        Index("uq_drift_one", "connection_id", "cause", "entity", "remote_id", "kind", "subject_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("reconciliation_run.id"), index=True)
    cause: Mapped[DriftCause] = mapped_column(enum_of(DriftCause))
    entity: Mapped[str] = mapped_column(String(40))
    remote_id: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[int] = mapped_column(default=0)
    label: Mapped[str] = mapped_column(String(120))
    ours: Mapped[str] = mapped_column(String(300))
    theirs: Mapped[str] = mapped_column(String(300))
    explanation: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    ignored_by: Mapped[str | None] = mapped_column(String(200))
    ignored_reason: Mapped[str | None] = mapped_column(String(500))
