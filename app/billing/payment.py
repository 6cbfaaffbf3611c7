"""Payments and how they are divided over documents."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.billing.amounts import Pence
from app.billing.client import Client
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.foundation import clock
from app.foundation.columns import ExactDecimal, UTCDateTime, enum_of
from app.foundation.database import Base
from app.foundation.money import to_pence, to_pounds
from app.foundation.tenancy import OrganisationRow
from app.outbox.models import Subject

UNAPPLIED = text("unapplied_pence > 0")
"""Spoken out in a question as in the index: of a bound value SQLite does not know that it is the same."""
CHEQUE = "Cheque"
"""Spelt otherwise in some countries (`conventions`)."""
METHODS = ("Bank transfer", "Cash", CHEQUE, "Card")
"""How money comes in that a person writes down here."""


class PaymentOrigin(StrEnum):
    """Where a payment was first written down. One that was learnt is never told back."""

    HERE = "here"
    LEARNT = "learnt"


class PaymentState(StrEnum):
    """Whether a payment counts."""

    LIVE = "live"
    VOID = "void"
    REMOVED = "removed"


class Payment(OrganisationRow, Base):
    """Money of one client, divided over documents.

    A credit that is used up is one too: its amount is nought and a credit note is among the allocations.
    """

    __tablename__ = "payment"
    __table_args__ = (
        Index("ix_payment_client", "client_id", "received_on"),
        Index("ix_payment_listed", "organisation_id", "received_on", "id"),
        # Words are looked for in all references, and an amount that a person types among all.
        Index("ix_payment_amount", "organisation_id", "amount_pence", "id"),
        Index("ix_payment_referenced", "organisation_id", "reference", "client_id"),
        # What clients have to their credit: a few among all that was ever received.
        Index(
            "ix_payment_unapplied",
            "organisation_id",
            "client_id",
            sqlite_where=UNAPPLIED,
            postgresql_where=UNAPPLIED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    billing_entity_id: Mapped[int] = mapped_column(ForeignKey("billing_entity.id"))
    received_on: Mapped[date]
    amount_pence: Mapped[Pence]
    currency: Mapped[str] = mapped_column(String(3))
    exchange_rate: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    """What one unit of a foreign currency was worth at home; None where nobody said, or it is the home currency."""
    reference: Mapped[str] = mapped_column(String(200), default="")
    method: Mapped[str] = mapped_column(String(60), default="")
    origin: Mapped[PaymentOrigin] = mapped_column(enum_of(PaymentOrigin))
    state: Mapped[PaymentState] = mapped_column(enum_of(PaymentState), default=PaymentState.LIVE)
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counts changes of content, how it is divided too; what was told before is compared with it."""
    unapplied_pence: Mapped[Pence] = mapped_column(default=0, server_default="0")
    """Money and credit that no invoice has taken up yet; derived, and kept by receiving alone."""

    client: Mapped[Client] = relationship()
    allocations: Mapped[list[Allocation]] = relationship(
        back_populates="payment", order_by="Allocation.id", cascade="all, delete-orphan"
    )

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own interface

    @property
    def subject(self) -> Subject:
        """What messages and timeline entries about this payment name."""
        return Subject("payment", self.id)

    @property
    def home_pence(self) -> int | None:
        """What it was worth at home at its exchange rate, in pence; None without one."""
        return to_pence(to_pounds(self.amount_pence) * self.exchange_rate) if self.exchange_rate else None


class Allocation(OrganisationRow, Base):
    """So much of a payment for one invoice, or so much credit taken out of one credit note; always positive."""

    __tablename__ = "allocation"
    __table_args__ = (Index("ix_allocation_document", "document_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id", ondelete="CASCADE"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    amount_pence: Mapped[Pence]

    payment: Mapped[Payment] = relationship(back_populates="allocations")
    document: Mapped[Document] = relationship()

    @property
    def signed_pence(self) -> int:
        """Positive where it uses the payment up, negative where a credit note adds to it."""
        return -self.amount_pence if self.document.kind is DocumentKind.CREDIT_NOTE else self.amount_pence
