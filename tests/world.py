"""The named world: Northgate IT with Olivia, Adam, Stella and Rhea; and Xavier of Southbank Systems, a stranger."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app.accounts.models import Organisation, User
from app.accounts.roles import Role
from app.accounts.signup import found_organisation, hashed
from app.foundation.database import db, transaction
from app.foundation.tenancy import everywhere

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class World:
    """Everybody by name."""

    northgate: Organisation
    olivia: User
    adam: User
    stella: User
    rhea: User
    southbank: Organisation
    xavier: User

    def with_role(self, role: Role) -> User:
        """Whoever of Northgate IT has this role."""
        return {Role.OWNER: self.olivia, Role.ADMIN: self.adam, Role.STAFF: self.stella, Role.READ_ONLY: self.rhea}[
            role
        ]


def build() -> World:
    """Write the world into an empty database; what is given back are facts, no longer watched by the session."""
    with everywhere():
        with transaction():
            world = _everybody(hashed(PASSWORD))
        for row in vars(world).values():
            db.session.refresh(row)
        db.session.expunge_all()
        db.session.rollback()
    return world


def _everybody(password: str) -> World:
    northgate, southbank = found_organisation("Northgate IT"), found_organisation("Southbank Systems")
    return World(
        northgate=northgate,
        olivia=_person(northgate, "Olivia", Role.OWNER, password),
        adam=_person(northgate, "Adam", Role.ADMIN, password),
        stella=_person(northgate, "Stella", Role.STAFF, password),
        rhea=_person(northgate, "Rhea", Role.READ_ONLY, password),
        southbank=southbank,
        xavier=_person(southbank, "Xavier", Role.OWNER, password),
    )


def _person(organisation: Organisation, name: str, role: Role, password: str) -> User:
    user = User(
        organisation=organisation,
        organisation_id=organisation.id,
        email=f"{name.lower()}@{organisation.slug}.example",
        name=name,
        role=role,
        password=password,
        fs_uniquifier=uuid.uuid4().hex,
    )
    db.session.add(user)
    return user
