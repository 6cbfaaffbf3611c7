"""What one-time links lead to."""

from __future__ import annotations

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import owners, people, signup
from app.accounts.models import User
from app.accounts.roles import Role
from app.billing.entities import entities
from app.billing.models import TaxRegime
from app.billing.tax import TaxCode
from app.foundation.database import db, transaction
from app.foundation.tenancy import acting_for, everywhere
from tests import portal
from tests.world import World

NEW = "four words in a row"


def path_of(link: str) -> str:
    return "/welcome/" + link.rpartition("/")[2]


def follow(client: FlaskClient, path: str, **said: str) -> int:
    token = portal.csrf_token(client.get(path).text)
    return client.post(path, data={"csrf_token": token, "password": NEW, "again": NEW, **said}).status_code


def begin(client: FlaskClient, **said: str) -> int:
    path = path_of(owners.first_owner_link())
    newcomer = {"name": "Ann", "email": "ann@example.com", "organisation": "Acme IT", "country": "GB"}
    return follow(client, path, **{**newcomer, **said})


def test_the_first_owner_begins_with_an_organisation_and_is_signed_in(inside: AppContext, client: FlaskClient) -> None:
    assert begin(client) == 303
    assert "Acme IT" in client.get("/").text


@pytest.mark.parametrize(("country", "begun"), [("GB", ("GBP", TaxRegime.UK)), ("US", ("USD", TaxRegime.US_AUTOMATED))])
def test_the_country_sets_currency_and_tax(
    inside: AppContext, client: FlaskClient, country: str, begun: tuple[str, TaxRegime]
) -> None:
    begin(client, country=country)
    ann = signup.find_user("ann@example.com")
    assert ann is not None
    with everywhere():
        organisation_id = ann.organisation_id
    with acting_for(organisation_id):
        (entity,) = entities()
        assert (entity.home_currency, entity.tax_regime) == begun


@pytest.mark.parametrize(
    ("country", "codes"), [("GB", {"20.0% S": True, "0.0% Z": False}), ("US", {"TAX": True, "NON": False})]
)
def test_the_tax_codes_of_the_country_are_there_from_the_beginning(
    inside: AppContext, client: FlaskClient, country: str, codes: dict[str, bool]
) -> None:
    begin(client, country=country)
    with everywhere():
        known = {code.code: code.is_charged for code in db.session.scalars(select(TaxCode))}
    assert codes.items() <= known.items()


def test_nothing_is_half_made_when_something_is_missing(inside: AppContext, client: FlaskClient) -> None:
    assert begin(client, name="") == 422
    assert not signup.any_user()


def test_two_passwords_that_differ_are_refused(inside: AppContext, client: FlaskClient) -> None:
    assert begin(client, again="something else") == 422


def test_a_colleague_joins_with_the_role_of_the_invitation(northgate: World, client: FlaskClient) -> None:
    with transaction():
        link = people.invite(db.session.get_one(User, northgate.olivia.id), "nina@example.com", Role.STAFF)
    assert follow(client, path_of(link), name="Nina") == 303
    nina = signup.find_user("nina@example.com")
    assert nina is not None
    assert (nina.role, nina.organisation_id) == (Role.STAFF, northgate.northgate.id)
    assert client.get(path_of(link)).status_code == 410


def test_a_new_password_lets_its_owner_in(northgate: World, client: FlaskClient) -> None:
    with transaction():
        olivia, stella = (db.session.get_one(User, user.id) for user in (northgate.olivia, northgate.stella))
        link = people.password_link(olivia, stella)
    assert follow(client, path_of(link)) == 303
    assert portal.sign_in(client.application, northgate.stella.email, NEW).get("/").status_code == 200
