"""Whom we bill."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.billing.terms import PaymentTerm  # noqa: F401 - the foreign key below needs the table
from app.foundation.database import Base
from app.foundation.tenancy import OrganisationRow


class Client(OrganisationRow, Base):
    """A customer of the firm. Two clients may have one name; only the id tells them apart."""

    __tablename__ = "client"
    __table_args__ = (
        UniqueConstraint("organisation_id", "external_key"),
        Index("ix_client_name", "organisation_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    billing_entity_id: Mapped[int | None] = mapped_column(ForeignKey("billing_entity.id"))
    """Set where a client is billed by one entity only; None where any entity may bill it."""
    name: Mapped[str] = mapped_column(String(200))
    company_name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(320), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    address_line1: Mapped[str] = mapped_column(String(200), default="")
    address_line2: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    region: Mapped[str] = mapped_column(String(255), default="", server_default="")
    """State, province or county: what lies between town and country."""
    postcode: Mapped[str] = mapped_column(String(30), default="")
    country: Mapped[str] = mapped_column(String(2), default="GB")
    currency: Mapped[str | None] = mapped_column(String(3))
    """None means the home currency of whoever bills it."""
    default_term_id: Mapped[int | None] = mapped_column(ForeignKey("payment_term.id"))
    vat_number: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)
    external_key: Mapped[str | None] = mapped_column(String(200))
    """By what an import recognises it: the profile's name, a colon and the key in the file."""
