"""Policies of a connection: each a question with a default and alternatives, each with a sentence on screen."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation import reading
from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base, bare, db, table_of
from app.foundation.tenancy import OrganisationRow, ours


class WhenClientMissing(StrEnum):
    """A client that is not in QuickBooks."""

    CREATE = "create"
    HOLD = "hold"


class WhenServiceMissing(StrEnum):
    """A service without an Item."""

    HOLD = "hold"
    CREATE = "create"


class WhenNumberTaken(StrEnum):
    """A document number that QuickBooks has already."""

    STOP = "stop"
    LINK = "link"
    SUFFIX = "suffix"


class WhenZero(StrEnum):
    """A document whose total is zero."""

    SKIP = "skip"
    SEND = "send"


class WhenClosed(StrEnum):
    """A document dated in a closed period."""

    HOLD = "hold"
    FIRST_OPEN_DAY = "first_open_day"


class WhenChangedThere(StrEnum):
    """A document of ours that somebody changed, voided or deleted in QuickBooks."""

    TELL = "tell"
    FOLLOW = "follow"


class WhenPaidHere(StrEnum):
    """A payment that was recorded here."""

    STAY = "stay"
    SEND = "send"


class Policy(OrganisationRow, Base):
    """The policies of one connection, and the pause of its lane."""

    __tablename__ = "policy"

    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), primary_key=True)
    automatic_push: Mapped[bool] = mapped_column(default=True)
    push_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Only what was opened at or after this moment goes by itself; set when a company is accepted, and anew when
    automatic push is turned on again. None: nothing goes by itself."""
    go_live_date: Mapped[date | None]
    """Documents dated before this day are never sent by themselves."""
    client_missing: Mapped[WhenClientMissing] = mapped_column(
        enum_of(WhenClientMissing), default=WhenClientMissing.CREATE
    )
    service_missing: Mapped[WhenServiceMissing] = mapped_column(
        enum_of(WhenServiceMissing), default=WhenServiceMissing.HOLD
    )
    number_taken: Mapped[WhenNumberTaken] = mapped_column(enum_of(WhenNumberTaken), default=WhenNumberTaken.STOP)
    zero_total: Mapped[WhenZero] = mapped_column(enum_of(WhenZero), default=WhenZero.SKIP)
    closed_books: Mapped[WhenClosed] = mapped_column(enum_of(WhenClosed), default=WhenClosed.HOLD)
    changed_there: Mapped[WhenChangedThere] = mapped_column(
        enum_of(WhenChangedThere), default=WhenChangedThere.TELL, server_default=WhenChangedThere.TELL.value
    )
    payments_here: Mapped[WhenPaidHere] = mapped_column(
        enum_of(WhenPaidHere), default=WhenPaidHere.STAY, server_default=WhenPaidHere.STAY.value
    )
    asked_about_old: Mapped[bool] = mapped_column(default=False)
    """Whether a person has answered "N open invoices were not sent: all, from a date, choose, none"."""
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paused_by: Mapped[str | None] = mapped_column(String(200))
    paused_reason: Mapped[str | None] = mapped_column(String(500))
    trial_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when only one more document goes, after which the lane pauses itself; None outside such a trial."""
    trial_by: Mapped[str | None] = mapped_column(String(200))
    trial_message_id: Mapped[int | None]
    """The document's message, once it is chosen."""
    unsure_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it last became unknown what is there, by a restore from backup, a disconnect or a change of companies: what
    was told until then is looked for first."""


def policy_of(connection_id: int) -> Policy:
    """The policies of a connection; every accepted connection has them."""
    mine = select(Policy).where(Policy.connection_id == connection_id)
    return reading.once(("policy", connection_id), lambda: db.session.scalars(mine).one())


def policy_seen(connection_id: int) -> Any:
    """The same as a value that is only read: the engine asks before and after each envelope."""
    return bare(_SEEN, {"of_connection": connection_id}).one()


_POLICY = table_of(Policy)
_SEEN = select(*_POLICY.c).where(_POLICY.c.connection_id == bindparam("of_connection"), ours(_POLICY))
