"""Payment terms: how many days a client has."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base
from app.foundation.tenancy import OrganisationRow


class PaymentTerm(OrganisationRow, Base):
    """A named number of days between issue and due date."""

    __tablename__ = "payment_term"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    due_days: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)

    def due(self, issued: date) -> date:
        """The day by which a document issued on that day is to be paid."""
        return issued + timedelta(days=self.due_days)
