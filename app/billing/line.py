"""The lines of a document."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.billing.amounts import Pence
from app.billing.service import Service
from app.billing.tax import TaxCode
from app.foundation.columns import ExactDecimal
from app.foundation.database import Base
from app.foundation.tenancy import HistoryRow


class DocumentLine(HistoryRow, Base):
    """One line: a service at a price, or a comment, which has neither service nor quantity."""

    __tablename__ = "document_line"
    __table_args__ = (Index("ix_document_line_document", "document_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    position: Mapped[int]
    """1 for the first line."""
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    description: Mapped[str] = mapped_column(Text, default="")
    quantity: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    unit_price: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    """Pounds, up to 7 decimals."""
    discount_percent: Mapped[Decimal] = mapped_column(ExactDecimal, default=Decimal(0))
    tax_code_id: Mapped[int | None] = mapped_column(ForeignKey("tax_code.id"))
    amount_pence: Mapped[Pence] = mapped_column(default=0)
    """Quantity times price, rounded half up, before the discount."""
    discount_pence: Mapped[Pence] = mapped_column(default=0)
    net_pence: Mapped[Pence] = mapped_column(default=0)
    """Amount less discount, before tax."""
    tax_pence: Mapped[Pence | None]
    """Its part of a tax that the accounting side computed; None where we compute it, or as long as it was not said."""

    service: Mapped[Service | None] = relationship()
    tax_code: Mapped[TaxCode | None] = relationship()

    @property
    def is_comment(self) -> bool:
        """Whether this line only says something."""
        return only_says(self.service_id, self.quantity, self.unit_price)


def only_says(service_id: int | None, quantity: Decimal | None, unit_price: Decimal | None) -> bool:
    """Whether a line of these has nothing to charge for."""
    return service_id is None and quantity is None and unit_price is None
