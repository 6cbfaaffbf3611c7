"""Organisations, people, their sessions and one-time links."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from flask_security import UserMixin
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.roles import Role
from app.foundation import clock
from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base
from app.foundation.tenancy import OrganisationRow


class Organisation(Base):
    """The tenant: one MSP. Every business row carries its id."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    time_zone: Mapped[str] = mapped_column(String(64), default="Europe/London")
    """Says when its night is, and in which zone its pages show moments."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class User(UserMixin, OrganisationRow, Base):
    """A person of one organisation. Found before anybody is signed in, so sign-in looks `everywhere()`."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    """In lower case; one address signs in to one organisation."""
    name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str | None] = mapped_column(String(255))
    """An argon2 hash; None until the person has chosen one by a one-time link."""
    active: Mapped[bool] = mapped_column(default=True)
    role: Mapped[Role] = mapped_column(enum_of(Role))
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    """What a session names the person by; a new one ends all sessions of theirs."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    last_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)


class UserSession(OrganisationRow, Base):
    """One signed-in browser. The cookie holds the token, this row only its hash."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    data: Mapped[str] = mapped_column(Text)
    """What Flask keeps in a session, as JSON."""
    address: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)


class LinkPurpose(StrEnum):
    """What a one-time link lets its holder do."""

    FIRST_OWNER = "first_owner"
    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105 - a purpose, not a password


class OneTimeLink(Base):
    """A door that opens once. Not a row of an organisation: the first owner's link exists before there is one."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[LinkPurpose] = mapped_column(enum_of(LinkPurpose))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    """Whose password it sets, or who invited."""
    email: Mapped[str | None] = mapped_column(String(320))
    role: Mapped[Role | None] = mapped_column(enum_of(Role))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
