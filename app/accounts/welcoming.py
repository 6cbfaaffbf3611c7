"""What a one-time link leads to: the first owner, a new colleague, a new password. Inside the caller's transaction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app.accounts import links, sessions
from app.accounts.links import SpentLinkError
from app.accounts.models import OneTimeLink, Organisation, User
from app.accounts.roles import Role
from app.accounts.signup import add_user, any_user, found_organisation, hashed
from app.foundation.database import db
from app.foundation.tenancy import everywhere


@dataclass(frozen=True)
class Newcomer:
    """What somebody says about themselves."""

    email: str
    name: str
    password: str


def welcome_first_owner(link: OneTimeLink, newcomer: Newcomer, organisation_name: str) -> User:
    """A new organisation and its owner. Raises SpentLinkError when somebody else was first."""
    if any_user():
        raise SpentLinkError
    links.use(link)
    organisation = found_organisation(organisation_name)
    return add_user(organisation, newcomer.email, newcomer.name, role=Role.OWNER, password=newcomer.password)


def welcome_colleague(link: OneTimeLink, newcomer: Newcomer) -> User:
    """A new person of the organisation that invited them, with the role the invitation names."""
    links.use(link)
    organisation = db.session.get_one(Organisation, link.organisation_id)
    role = link.role or Role.READ_ONLY
    return add_user(organisation, str(link.email), newcomer.name, role=role, password=newcomer.password)


def set_password(link: OneTimeLink, password: str) -> User:
    """A new password for the person the link was made for; all their sessions end."""
    digest = hashed(password)
    links.use(link)
    with everywhere():
        user = db.session.get_one(User, link.user_id)
        user.password, user.fs_uniquifier = digest, uuid.uuid4().hex
        sessions.end_all(user)
        db.session.flush()
    return user
