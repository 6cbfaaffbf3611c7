"""The tables of this room that belong to an organisation: its Intuit app, its connections, and their catalogues."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base
from app.foundation.sealing import Place
from app.foundation.tenancy import OrganisationRow
from app.quickbooks.realm import Realm

_TIED = text("state IN ('active', 'reconnect')")
_PENDING = text("state = 'pending'")


class Environment(StrEnum):
    """Intuit's two worlds; keys of one see no company of the other."""

    PRODUCTION = "production"
    SANDBOX = "sandbox"

    @property
    def mode(self) -> str:
        """The portal's word for it: live or test."""
        return "live" if self is Environment.PRODUCTION else "test"

    @classmethod
    def of_mode(cls, mode: str) -> Self:
        """The world a mode talks to. Raises KeyError for a mode that does not exist."""
        return cls({"live": "production", "test": "sandbox"}[mode])


class ConnectionState(StrEnum):
    """The life of a connection."""

    PENDING = "pending"
    """Authorised; the company is shown and not yet accepted."""
    ACTIVE = "active"
    RECONNECT = "reconnect"
    """Intuit no longer takes our tokens; everything is kept until somebody connects again."""
    DISCONNECTED = "disconnected"


USABLE = frozenset({ConnectionState.PENDING, ConnectionState.ACTIVE})
"""Calls may be made: to look at a company before it is accepted is allowed."""


class SalesTax(StrEnum):
    """How the company taxes its sales."""

    UK = "uk"
    """Each line names a TaxCode: every country but the US."""
    US_AST = "us_ast"
    """Automated sales tax: lines say TAX or NON, QuickBooks reckons."""
    US_MANUAL = "us_manual"
    NONE = "none"


class ClassTracking(StrEnum):
    """Whether the company sorts its sales by class, and where a document names it."""

    NONE = "none"
    PER_TRANSACTION = "per_transaction"
    PER_LINE = "per_line"


class IntuitApp(OrganisationRow, Base):
    """An organisation's own app at Intuit, for one mode; without one the shared app of the settings is used."""

    __tablename__ = "intuit_app"
    __table_args__ = (UniqueConstraint("organisation_id", "mode"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mode: Mapped[str] = mapped_column(String(10))
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    """The last part of its webhook address."""
    client_id: Mapped[str] = mapped_column(String(200))
    client_secret: Mapped[str | None] = mapped_column(Text)
    verifier: Mapped[str | None] = mapped_column(Text)
    previous_verifier: Mapped[str | None] = mapped_column(Text)
    """Still valid while Intuit's page is being changed over."""
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)

    def place(self, column: str) -> Place:
        """Where a sealed column of this row rests. The row must have its id."""
        return Place(self.__tablename__, column, self.organisation_id, self.id)


class Connection(OrganisationRow, Base):
    """A billing entity's authorised tie to one QuickBooks company for one mode."""

    __tablename__ = "connection"
    __table_args__ = (
        # One company has one place in the portal, whoever connects it: two would number and pay the same books.
        Index("uq_connection_realm", "realm_id", "mode", unique=True, sqlite_where=_TIED, postgresql_where=_TIED),
        Index(
            "uq_connection_lane", "billing_entity_id", "mode", unique=True, sqlite_where=_TIED, postgresql_where=_TIED
        ),
        Index(
            "uq_connection_pending",
            "billing_entity_id",
            "mode",
            unique=True,
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    billing_entity_id: Mapped[int] = mapped_column(ForeignKey("billing_entity.id"))
    mode: Mapped[str] = mapped_column(String(10))
    intuit_app_id: Mapped[int | None] = mapped_column(ForeignKey("intuit_app.id"))
    """The app that the tokens belong to; None is the shared one."""
    state: Mapped[ConnectionState] = mapped_column(enum_of(ConnectionState), default=ConnectionState.PENDING)
    connected_by: Mapped[int | None]
    connected_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_success_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)

    realm_id: Mapped[str] = mapped_column(String(30))
    company_name: Mapped[str] = mapped_column(String(1024), default="")
    legal_name: Mapped[str] = mapped_column(String(1024), default="")
    country: Mapped[str] = mapped_column(String(3), default="")
    home_currency: Mapped[str] = mapped_column(String(3), default="")
    multi_currency: Mapped[bool | None]
    sales_tax: Mapped[SalesTax] = mapped_column(enum_of(SalesTax), default=SalesTax.NONE)
    custom_txn_numbers: Mapped[bool | None]
    """Whether the company keeps our numbers; None while nobody has looked."""
    book_close_date: Mapped[date | None]
    auto_apply_credit: Mapped[bool | None]
    subscription: Mapped[str] = mapped_column(String(40), default="")
    class_tracking: Mapped[ClassTracking] = mapped_column(
        enum_of(ClassTracking), default=ClassTracking.NONE, server_default=ClassTracking.NONE.value
    )
    tracks_locations: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether documents name a location; Intuit calls the list Department."""
    company_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    access_token: Mapped[str | None] = mapped_column(Text)
    access_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    access_refresh_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """80 % of its life: from then on it is renewed before use."""
    refresh_token: Mapped[str | None] = mapped_column(Text)
    previous_refresh_token: Mapped[str | None] = mapped_column(Text)
    """Kept until the newer one has worked once."""
    refresh_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Some hundred days after the last refresh; each one moves it."""
    hard_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Five years after the authorisation, whatever is refreshed; None where Intuit has not said."""
    token_version: Mapped[int] = mapped_column(default=0)
    refresh_owner: Mapped[str | None] = mapped_column(String(80))
    refresh_lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def environment(self) -> Environment:
        """The world this connection talks to."""
        return Environment.of_mode(self.mode)

    @property
    def realm(self) -> Realm:
        """The company as the limits know it."""
        return Realm(self.realm_id, self.mode)

    @property
    def is_usable(self) -> bool:
        """Whether calls may be made."""
        return self.state in USABLE

    def place(self, column: str) -> Place:
        """Where a sealed column of this row rests. The row must have its id."""
        return self.place_of(column, self.organisation_id, self.id)

    @classmethod
    def place_of(cls, column: str, organisation_id: int, connection_id: int) -> Place:
        """Where a sealed column of such a row rests, for those who do not hold the row."""
        return Place(cls.__tablename__, column, organisation_id, connection_id)


class CatalogueRow(OrganisationRow, Base):
    """One record of a list of a connection's company."""

    __tablename__ = "catalogue"
    __table_args__ = (
        UniqueConstraint("connection_id", "entity", "remote_id"),
        Index("ix_catalogue_name", "connection_id", "entity", "name_folded"),
        Index("ix_catalogue_email", "connection_id", "entity", "email_folded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    entity: Mapped[str] = mapped_column(String(20))
    remote_id: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(1000))
    name_folded: Mapped[str] = mapped_column(String(1000))
    email_folded: Mapped[str] = mapped_column(String(320), default="")
    sync_token: Mapped[str] = mapped_column(String(20))
    active: Mapped[bool]
    vanished: Mapped[bool] = mapped_column(default=False)
    """It was here once and a whole reading no longer found it: deleted or merged away."""
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    """See `lists.essence`; a tax code's percentage on sales is `rate`, as text."""
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def rate(self) -> Decimal | None:
        """A tax code's percentage on sales; None where it is not known."""
        return Decimal(self.data["rate"]) if "rate" in self.data else None
