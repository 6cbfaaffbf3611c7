"""The people of an organisation: invited, given a role, deactivated. Inside the caller's transaction.

Each verb is told who asks, for only an owner may make or unmake an owner, and the last owner stays.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select

from app.accounts import links, sessions
from app.accounts.links import For
from app.accounts.models import LinkPurpose, OneTimeLink, User
from app.accounts.permissions import Action, may
from app.accounts.roles import Role
from app.accounts.signup import find_user, normal_email
from app.foundation import clock
from app.foundation.database import db
from app.foundation.errors import BadInputError, ConflictError, NotAllowedError, NotFoundError


def everybody() -> Sequence[User]:
    """All people of the organisation we act for: the active ones first, by name."""
    return db.session.scalars(select(User).order_by(User.active.desc(), func.lower(User.name))).all()


def open_invitations(organisation_id: int) -> Sequence[OneTimeLink]:
    """Invitations nobody has accepted yet, the newest first."""
    still_open = select(OneTimeLink).where(
        OneTimeLink.purpose == LinkPurpose.INVITATION,
        OneTimeLink.organisation_id == organisation_id,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > clock.now(),
    )
    return db.session.scalars(still_open.order_by(OneTimeLink.id.desc())).all()


def invite(asking: User, email: str, role: Role) -> str:
    """A one-time link with which somebody joins; an earlier one to the same address ends."""
    _refuse_owners_matter(asking, role)
    if find_user(email) is not None:
        raise BadInputError("email", "Somebody already signs in with this e-mail address.")
    whom = For(organisation_id=asking.organisation_id, email=normal_email(email), role=role)
    links.withdraw(LinkPurpose.INVITATION, whom)
    return links.make(LinkPurpose.INVITATION, whom)


def withdraw_invitation(asking: User, link_id: int) -> str:
    """Close an invitation; returns whom it was for. Raises NotFoundError for one of another organisation."""
    link = db.session.get(OneTimeLink, link_id)
    if link is None or link.organisation_id != asking.organisation_id or link.purpose is not LinkPurpose.INVITATION:
        raise NotFoundError
    links.use(link)
    return str(link.email)


def change_role(asking: User, user: User, role: Role) -> None:
    """Give somebody another role."""
    _refuse_owners_matter(asking, role, user.role)
    if user.role is Role.OWNER and role is not Role.OWNER:
        _keep_an_owner(user)
    user.role = role


def deactivate(asking: User, user: User) -> None:
    """End all sessions of somebody and let them sign in no more; nothing they did is deleted."""
    _refuse_owners_matter(asking, user.role)
    if user.id == asking.id:
        raise ConflictError("You can't deactivate yourself. Ask another owner or admin.")
    _keep_an_owner(user)
    user.active = False
    user.fs_uniquifier = uuid.uuid4().hex
    sessions.end_all(user)


def reactivate(asking: User, user: User) -> None:
    """Let somebody sign in again with the password they had."""
    _refuse_owners_matter(asking, user.role)
    user.active = True


def password_link(asking: User, user: User) -> str:
    """A one-time link at which somebody chooses a new password; an earlier one ends."""
    _refuse_owners_matter(asking, user.role)
    whom = For(organisation_id=user.organisation_id, user_id=user.id)
    links.withdraw(LinkPurpose.PASSWORD, whom)
    return links.make(LinkPurpose.PASSWORD, whom)


def _refuse_owners_matter(asking: User, *roles: Role) -> None:
    if Role.OWNER in roles and not may(asking.role, Action.MANAGE_OWNERS):
        raise NotAllowedError("Only an owner may do this to an owner, or make one.")


def _keep_an_owner(leaving: User) -> None:
    # The rows are locked, so that two owners who put each other out at one moment go one after the other.
    owners = select(User.id).where(User.role == Role.OWNER, User.active).order_by(User.id).with_for_update()
    if leaving.role is Role.OWNER and not set(db.session.scalars(owners)) - {leaving.id}:
        raise ConflictError("An organisation keeps at least one owner. Make somebody else an owner first.")
