"""The legal entity that issues invoices: its currency, its tax regime, its numbers and its mode."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.billing.kinds import DocumentKind
from app.foundation import clock
from app.foundation.columns import enum_of
from app.foundation.database import Base
from app.foundation.tenancy import OrganisationRow
from app.outbox.models import Lane, Mode


class TaxRegime(StrEnum):
    """Who computes the tax, and what a line must say about it."""

    UK = "uk"
    """We compute it; every line of a service names a tax code."""
    US_AUTOMATED = "us_automated"
    """The accounting side computes it; a line says only whether it is taxable."""
    NONE = "none"
    """The entity charges no tax."""


class BillingEntity(OrganisationRow, Base):
    """One company that sends invoices; most organisations have exactly one."""

    __tablename__ = "billing_entity"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    legal_name: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), default="GB")
    """ISO 3166 code of two letters."""
    home_currency: Mapped[str] = mapped_column(String(3), default="GBP")
    tax_regime: Mapped[TaxRegime] = mapped_column(enum_of(TaxRegime), default=TaxRegime.UK)
    mode: Mapped[Mode] = mapped_column(enum_of(Mode), default=Mode.LIVE)
    """Which books its messages are meant for from now on; what was posted before keeps its own."""
    time_zone: Mapped[str] = mapped_column(String(60), default="Europe/London")
    address: Mapped[str] = mapped_column(Text, default="")
    vat_number: Mapped[str] = mapped_column(String(40), default="")
    invoice_prefix: Mapped[str] = mapped_column(String(12), default="INV-")
    credit_note_prefix: Mapped[str] = mapped_column(String(12), default="CN-")
    number_digits: Mapped[int] = mapped_column(default=5)
    """Numbers are filled with zeros up to so many digits."""

    @property
    def lane(self) -> Lane:
        """Where messages about this entity's documents wait, in its present mode."""
        return Lane(self.id, Mode(self.mode))

    def today(self) -> date:
        """The date on the entity's own wall calendar."""
        return clock.now().astimezone(ZoneInfo(self.time_zone)).date()

    def prefix(self, kind: DocumentKind) -> str:
        """What stands before the digits of a number of this kind."""
        return self.credit_note_prefix if kind is DocumentKind.CREDIT_NOTE else self.invoice_prefix
