"""Inviting, promoting, deactivating; and that an owner always stays."""

from __future__ import annotations

from functools import partial
from itertools import permutations

import pytest
from flask import Flask

from app.accounts import people
from app.accounts.models import User
from app.accounts.roles import Role
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError, ConflictError, NotAllowedError, NotFoundError
from app.foundation.tenancy import acting_for
from tests.quickbooks.crowd import at_once
from tests.world import World


def fresh(user: User) -> User:
    return db.session.get_one(User, user.id)


def test_everybody_is_everybody_of_ones_own_organisation(northgate: World) -> None:
    assert [user.name for user in people.everybody()] == ["Adam", "Olivia", "Rhea", "Stella"]


def test_the_last_owner_keeps_the_role(northgate: World) -> None:
    with pytest.raises(ConflictError), transaction():
        people.change_role(fresh(northgate.olivia), fresh(northgate.olivia), Role.ADMIN)


def test_of_two_owners_who_put_each_other_out_at_one_moment_one_stays(app: Flask, northgate: World) -> None:
    with transaction():
        fresh(northgate.adam).role = Role.OWNER

    def put_out(asking: User, other: User) -> str:
        try:
            with transaction():
                people.change_role(fresh(asking), fresh(other), Role.STAFF)
        except (ConflictError, NotAllowedError):
            return "refused"
        return "done"

    each_other = [partial(put_out, *pair) for pair in permutations((northgate.olivia, northgate.adam))]
    assert sorted(at_once(app, northgate.northgate.id, each_other)) == ["done", "refused"]


def test_an_owner_may_step_down_once_there_is_another(northgate: World) -> None:
    with transaction():
        people.change_role(fresh(northgate.olivia), fresh(northgate.adam), Role.OWNER)
        people.change_role(fresh(northgate.olivia), fresh(northgate.olivia), Role.STAFF)
    assert (fresh(northgate.adam).role, fresh(northgate.olivia).role) == (Role.OWNER, Role.STAFF)


def test_an_admin_makes_nobody_an_owner(northgate: World) -> None:
    with pytest.raises(NotAllowedError), transaction():
        people.change_role(fresh(northgate.adam), fresh(northgate.stella), Role.OWNER)


def test_an_admin_does_not_touch_an_owner(northgate: World) -> None:
    with pytest.raises(NotAllowedError), transaction():
        people.deactivate(fresh(northgate.adam), fresh(northgate.olivia))


def test_nobody_deactivates_themselves(northgate: World) -> None:
    with pytest.raises(ConflictError), transaction():
        people.deactivate(fresh(northgate.olivia), fresh(northgate.olivia))


def test_whoever_is_deactivated_is_another_person_to_old_sessions(northgate: World) -> None:
    before = northgate.stella.fs_uniquifier
    with transaction():
        people.deactivate(fresh(northgate.olivia), fresh(northgate.stella))
    assert not fresh(northgate.stella).active
    assert fresh(northgate.stella).fs_uniquifier != before


def test_nobody_is_invited_who_signs_in_already_even_elsewhere(northgate: World) -> None:
    with pytest.raises(BadInputError), transaction():
        people.invite(fresh(northgate.olivia), northgate.xavier.email.upper(), Role.STAFF)


def test_a_second_invitation_ends_the_first(northgate: World) -> None:
    with transaction():
        people.invite(fresh(northgate.olivia), "nina@example.com", Role.STAFF)
        people.invite(fresh(northgate.olivia), "Nina@example.com ", Role.ADMIN)
    assert [link.role for link in people.open_invitations(northgate.northgate.id)] == [Role.ADMIN]


def test_a_stranger_withdraws_no_invitation(northgate: World) -> None:
    with transaction():
        people.invite(fresh(northgate.olivia), "nina@example.com", Role.STAFF)
    (link,) = people.open_invitations(northgate.northgate.id)
    with acting_for(northgate.southbank.id), pytest.raises(NotFoundError), transaction():
        people.withdraw_invitation(fresh(northgate.xavier), link.id)
