"""How the first owner comes in."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.ctx import AppContext

from app.accounts import owners, signup
from app.accounts.models import Organisation
from app.accounts.roles import Role
from app.foundation.database import db
from app.foundation.errors import BadInputError, ConflictError
from app.foundation.tenancy import everywhere
from tests.world import World


def test_the_first_start_makes_a_link_and_the_second_does_not(inside: AppContext) -> None:
    assert owners.first_owner_link_if_due() is not None
    assert owners.first_owner_link_if_due() is None


def test_no_link_is_made_where_somebody_can_sign_in(world: World) -> None:
    assert owners.first_owner_link_if_due() is None
    with pytest.raises(ConflictError):
        owners.first_owner_link()


def test_the_operator_makes_an_owner(app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["users", "create-owner", "Ann@example.com", "--organisation", "Acme IT"])
    assert "/welcome/" in said.output
    with app.app_context(), everywhere():
        ann = signup.find_user("ann@example.com")
        assert ann is not None
        assert (ann.role, ann.organisation.name, ann.password) == (Role.OWNER, "Acme IT", None)


def test_an_owner_may_be_given_a_password(inside: AppContext) -> None:
    assert owners.create_owner("ann@example.com", "Ann", "Acme", password="long enough words") is None
    ann = signup.find_user("ann@example.com")
    assert ann is not None
    with everywhere():
        assert str(ann.password).startswith("$argon2id$")


def test_a_short_password_is_refused(inside: AppContext) -> None:
    with pytest.raises(BadInputError, match="at least 10"):
        owners.create_owner("ann@example.com", "Ann", "Acme", password="short")


def test_two_organisations_of_one_name_have_slugs_of_their_own(inside: AppContext) -> None:
    owners.create_owner("a@example.com", "A", "Müller & Söhne", password=None)
    owners.create_owner("b@example.com", "B", "Müller & Söhne", password=None)
    slugs = db.session.scalars(db.select(Organisation.slug).order_by(Organisation.id)).all()
    assert slugs == ["muller-sohne", "muller-sohne-2"]


def test_one_address_signs_in_to_one_organisation(world: World) -> None:
    with pytest.raises(BadInputError):
        owners.create_owner("OLIVIA@northgate-it.example", "Olivia", "Another", password=None)
