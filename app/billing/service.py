"""What we sell."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.billing.tax import TaxCode  # noqa: F401 - the foreign key below needs the table
from app.foundation.columns import ExactDecimal
from app.foundation.database import Base
from app.foundation.tenancy import OrganisationRow


def folded(code: str) -> str:
    """A code as it is compared: whatever its case, without blanks around it."""
    return code.strip().casefold()


class Service(OrganisationRow, Base):
    """Something on the price list. Its code is unique in the organisation whatever its case."""

    __tablename__ = "service"
    __table_args__ = (UniqueConstraint("organisation_id", "code_folded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60))
    code_folded: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[str] = mapped_column(String(30), default="")
    unit_price: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    """Pounds, up to 7 decimals; None where the price is agreed each time."""
    tax_code_id: Mapped[int | None] = mapped_column(ForeignKey("tax_code.id"))
    active: Mapped[bool] = mapped_column(default=True)

    @validates("code")
    def _fold(self, _name: str, code: str) -> str:
        self.code_folded = folded(code)
        return code
