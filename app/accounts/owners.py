"""The first owner: by a one-time link, or made at the operator's command."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select

from app.accounts import links
from app.accounts.links import For
from app.accounts.models import LinkPurpose, OneTimeLink, User
from app.accounts.roles import Role
from app.accounts.signup import add_user, any_user, found_organisation
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError, ConflictError


def first_owner_link() -> str:
    """A new link for the first owner; earlier ones end. Raises ConflictError when somebody can sign in already."""
    if any_user():
        raise ConflictError("Somebody can sign in already: flask users create-owner makes another organisation.")
    with transaction():
        links.withdraw(LinkPurpose.FIRST_OWNER, For())
        return links.make(LinkPurpose.FIRST_OWNER, For())


def first_owner_link_if_due() -> str | None:
    """A link for the first owner if nobody can sign in and none is open; several processes may start at once."""
    if any_user():
        return None
    with transaction():
        open_ones = select(func.count(OneTimeLink.id)).where(
            OneTimeLink.purpose == LinkPurpose.FIRST_OWNER,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
        )
        return None if db.session.scalar(open_ones) else links.make(LinkPurpose.FIRST_OWNER, For())


def create_owner(email: str, name: str, organisation_name: str, *, password: str | None) -> str | None:
    """A new organisation and its owner. Without a password: the one-time link at which they choose one.

    Raises BadInputError when the address, the organisation's name or the password can't be taken.
    """
    _check(email, organisation_name)
    with transaction():
        organisation = found_organisation(organisation_name)
        owner = add_user(organisation, email, name, role=Role.OWNER, password=password)
        if password is not None:
            return None
        return links.make(LinkPurpose.PASSWORD, For(organisation_id=organisation.id, user_id=owner.id))


def _check(email: str, organisation_name: str) -> None:
    """With an address that the sign-in page does not take, nobody would ever come in."""
    try:
        validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError as problem:
        raise BadInputError("email", f"Write an address like name@company.com. {problem}") from problem
    if not organisation_name.strip():
        raise BadInputError("organisation", "Say what it is called.")


def owner_addresses(organisation_id: int) -> list[str]:
    """The e-mail addresses of an organisation's active owners, whom grave news is told."""
    return list(
        db.session.scalars(
            select(User.email).where(
                User.organisation_id == organisation_id, User.role == Role.OWNER, User.active.is_(True)
            )
        )
    )
