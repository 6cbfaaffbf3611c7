"""The list of people as one of them may see and change it."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.models import User
from app.accounts.permissions import Action, may
from app.accounts.roles import Role

_CHOICES = (Role.STAFF, Role.READ_ONLY, Role.ADMIN, Role.OWNER)


@dataclass(frozen=True)
class Row:
    """One person, and what whoever looks may do with them."""

    user: User
    is_me: bool
    can_change: bool

    @property
    def tone(self) -> tuple[str, str]:
        """The person's state as tone and word."""
        if not self.user.active:
            return "calm", "Deactivated"
        return ("good", "Active") if self.user.password else ("wait", "No password yet")


def row(user: User, looking: User) -> Row:
    """One person as somebody else, or they themselves, may change them."""
    within_reach = user.role is not Role.OWNER or may(looking.role, Action.MANAGE_OWNERS)
    return Row(user=user, is_me=user.id == looking.id, can_change=within_reach)


def roles_to_give(giver: User) -> list[tuple[str, str]]:
    """The roles this person may give, as value and word."""
    may_make_owners = may(giver.role, Action.MANAGE_OWNERS)
    return [(role.value, role.label) for role in _CHOICES if role is not Role.OWNER or may_make_owners]
