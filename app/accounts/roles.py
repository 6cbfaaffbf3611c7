"""The four roles, each holding all rights of the ones below it."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is to an organisation."""

    OWNER = "owner"
    ADMIN = "admin"
    STAFF = "staff"
    READ_ONLY = "read_only"

    @property
    def label(self) -> str:
        """The word on screen."""
        return self.value.replace("_", "-").capitalize()

    @property
    def rank(self) -> int:
        """Higher may do more; 0 is read-only."""
        return _RISING.index(self)


_RISING = (Role.READ_ONLY, Role.STAFF, Role.ADMIN, Role.OWNER)
