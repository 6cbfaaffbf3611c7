"""One-time links: made, found, used. Inside the caller's transaction unless it only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from app.accounts.models import LinkPurpose, OneTimeLink
from app.accounts.roles import Role
from app.accounts.tokens import hash_of, new_token
from app.foundation import clock
from app.foundation.database import db, rows_changed
from app.foundation.errors import ConflictError
from app.foundation.house import house

LASTS = {
    LinkPurpose.FIRST_OWNER: timedelta(days=7),
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.PASSWORD: timedelta(days=1),
}


class SpentLinkError(ConflictError):
    """This link has been used, was withdrawn, or is too old. Ask for a new one."""

    status = 410


@dataclass(frozen=True)
class For:
    """Whom a link is for."""

    organisation_id: int | None = None
    user_id: int | None = None
    email: str | None = None
    role: Role | None = None


def make(purpose: LinkPurpose, whom: For) -> str:
    """A new link's address; shown now and never again."""
    token = new_token()
    db.session.add(
        OneTimeLink(
            purpose=purpose,
            token_hash=hash_of(token),
            organisation_id=whom.organisation_id,
            user_id=whom.user_id,
            email=whom.email,
            role=whom.role,
            expires_at=clock.now() + LASTS[purpose],
        )
    )
    return f"{house().settings.public_url}/welcome/{token}"


def find(token: str) -> OneTimeLink:
    """The link of this token. Raises SpentLinkError unless it still opens."""
    link = db.session.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == hash_of(token)))
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        raise SpentLinkError
    return link


def use(link: OneTimeLink) -> None:
    """Close the door behind whoever came through. Raises SpentLinkError if somebody else was first."""
    now = clock.now()
    used = db.session.execute(
        update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None)).values(used_at=now)
    )
    if rows_changed(used) != 1:
        raise SpentLinkError


def withdraw(purpose: LinkPurpose, whom: For) -> None:
    """Close all open links of this purpose for the same organisation, person and address."""
    db.session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.organisation_id.is_not_distinct_from(whom.organisation_id),
            OneTimeLink.user_id.is_not_distinct_from(whom.user_id),
            OneTimeLink.email.is_not_distinct_from(whom.email),
        )
        .values(used_at=clock.now())
    )
