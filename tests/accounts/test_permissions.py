"""The one table of rights."""

from __future__ import annotations

import pytest

from app.accounts.permissions import Action, least_role, may
from app.accounts.roles import Role

RISING = [Role.READ_ONLY, Role.STAFF, Role.ADMIN, Role.OWNER]


@pytest.mark.parametrize("action", Action)
def test_every_action_is_allowed_to_owners(action: Action) -> None:
    assert may(Role.OWNER, action)


@pytest.mark.parametrize("action", Action)
def test_a_higher_role_may_all_that_a_lower_one_may(action: Action) -> None:
    allowed = [may(role, action) for role in RISING]
    assert allowed == sorted(allowed)


def test_read_only_changes_nothing() -> None:
    assert {action for action in Action if may(Role.READ_ONLY, action)} == {Action.SEE, Action.SEE_SYNC}


def test_connecting_is_for_admins() -> None:
    assert least_role(Action.CONNECT) is Role.ADMIN
