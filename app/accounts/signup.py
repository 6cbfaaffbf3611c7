"""New organisations and people. All functions run inside the caller's transaction."""

from __future__ import annotations

import re
import unicodedata
import uuid

from flask_security import hash_password
from sqlalchemy import func, select

from app.accounts.models import Organisation, User
from app.accounts.roles import Role
from app.foundation.database import db
from app.foundation.errors import BadInputError
from app.foundation.tenancy import everywhere

SHORTEST_PASSWORD = 10
_LONGEST_SLUG = 70


def normal_email(email: str) -> str:
    """The one spelling under which an address is stored and looked for."""
    return email.strip().lower()


def found_organisation(name: str) -> Organisation:
    """A new organisation with a slug of its own, flushed so that it has an id."""
    organisation = Organisation(name=name.strip(), slug=_free_slug(name))
    db.session.add(organisation)
    db.session.flush()
    return organisation


def add_user(organisation: Organisation, email: str, name: str, *, role: Role, password: str | None) -> User:
    """A new person of an organisation. Raises BadInputError when the address is taken or the password too short."""
    with everywhere():
        if find_user(email) is not None:
            raise BadInputError("email", "Somebody already signs in with this e-mail address.")
        user = User(
            organisation_id=organisation.id,
            organisation=organisation,
            email=normal_email(email),
            name=name.strip(),
            role=role,
            password=None if password is None else hashed(password),
            fs_uniquifier=uuid.uuid4().hex,
        )
        db.session.add(user)
        db.session.flush()
    return user


def find_user(email: str) -> User | None:
    """Whoever signs in with this address, in any organisation."""
    # No flush here: rows of one organisation that wait to be written would be written on behalf of nobody.
    with db.session.no_autoflush, everywhere():
        return db.session.scalar(select(User).where(User.email == normal_email(email)))


def any_user() -> bool:
    """Whether anybody can sign in at all; if not, the first owner's link is due."""
    with everywhere():
        return bool(db.session.scalar(select(func.count(User.id))))


def hashed(password: str) -> str:
    """The argon2 hash of a password. Raises BadInputError when it is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise BadInputError("password", f"Choose a password of at least {SHORTEST_PASSWORD} characters.")
    return str(hash_password(password))


def _free_slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_SLUG].strip("-") or "organisation"
    taken = set(db.session.scalars(select(Organisation.slug).where(Organisation.slug.startswith(slug))))
    numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return slug if slug not in taken else next(name for name in numbered if name not in taken)
