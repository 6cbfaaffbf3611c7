"""The operator lets the first people in."""

from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Organisation
from app.accounts.signup import find_user
from app.billing.document import Document
from app.foundation.database import db
from app.foundation.tenancy import everywhere
from tests.world import World


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=arguments)


def organisations() -> int:
    db.session.rollback()
    with everywhere():
        return db.session.scalar(select(func.count(Organisation.id))) or 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("olivia@northgate-it.example",), "Invalid value for EMAIL: Somebody already signs in with this"),
        (("ann",), "Invalid value for EMAIL: Write an address like name@company.com."),
        (("ann@example.com", "--password", "short"), "Invalid value for --password: Choose a password of at least 10"),
        (("ann@example.com", "--organisation", " "), "Invalid value for --organisation: Say what it is called."),
    ],
)
def test_an_owner_who_can_not_be_made_is_refused_by_name(
    app: Flask, world: World, *, arguments: tuple[str, ...], told: str
) -> None:
    before = organisations()
    refused = run(app, "users", "create-owner", *arguments)
    assert (refused.exit_code, told in refused.output) == (2, True), refused.output
    assert organisations() == before


def test_an_owner_of_a_second_organisation_gets_a_link(app: Flask, world: World) -> None:
    told = run(app, "users", "create-owner", "Ann@Example.com", "--organisation", "Acme IT")
    assert (told.exit_code, "is the owner of Acme IT. Choose a password at: http" in told.output) == (0, True)


def test_the_link_for_the_first_owner_is_printed(app: Flask) -> None:
    told = run(app, "users", "first-link")
    assert (told.exit_code, "/welcome/" in told.output) == (0, True)


def test_where_somebody_can_sign_in_no_first_link_is_printed(app: Flask, world: World) -> None:
    refused = run(app, "users", "first-link")
    assert (refused.exit_code, refused.output) == (
        1,
        "Error: Somebody can sign in already: flask users create-owner makes another organisation.\n",
    )


def test_a_demo_beside_people_makes_nothing(app: Flask, world: World) -> None:
    told = run(app, "demo")
    assert (told.exit_code, told.output) == (0, "There are people already; nothing was made.\n")
    with app.app_context(), everywhere():
        assert find_user("olivia@northgate.example") is None
        assert db.session.scalar(select(func.count(Document.id))) == 0
