"""Tax codes: what a line says about the tax on it."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.columns import ExactDecimal, enum_of
from app.foundation.database import Base
from app.foundation.tenancy import OrganisationRow


class Treatment(StrEnum):
    """How the law looks at a sale."""

    STANDARD = "standard"
    REDUCED = "reduced"
    ZERO = "zero"
    EXEMPT = "exempt"
    OUTSIDE_SCOPE = "outside_scope"
    REVERSE_CHARGE = "reverse_charge"


CHARGED = (Treatment.STANDARD, Treatment.REDUCED)
"""The treatments under which tax is added to the bill; under all others the client pays the net amount."""


class TaxCode(OrganisationRow, Base):
    """A code a person chooses on a line."""

    __tablename__ = "tax_code"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(120))
    rate_percent: Mapped[Decimal] = mapped_column(ExactDecimal)
    """The rate of the law: a reverse charge names it too, though nothing is added to the bill."""
    treatment: Mapped[Treatment] = mapped_column(enum_of(Treatment))
    active: Mapped[bool] = mapped_column(default=True)

    @property
    def is_charged(self) -> bool:
        """Whether tax is added to the bill, whoever computes it."""
        return self.treatment in CHARGED

    @property
    def charged_percent(self) -> Decimal:
        """How many percent are added to the bill."""
        return charged_percent(self.treatment, self.rate_percent)


def charged_percent(treatment: Treatment, rate_percent: Decimal) -> Decimal:
    """How many percent are added to the bill under a treatment, whatever rate the law names."""
    return rate_percent if treatment in CHARGED else Decimal(0)
