"""What one-time links lead to."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import owners, people, signup
from app.accounts.models import User
from app.accounts.roles import Role
from app.billing.entities import entities
from app.billing.entity import BillingEntity
from app.billing.models import TaxRegime
from app.billing.tax import TaxCode, Treatment
from app.foundation.database import db, transaction
from app.foundation.tenancy import acting_for, everywhere
from app.web.choices import CURRENCIES, NAMES_OF_COUNTRIES, TIME_ZONES
from app.web.welcome.countries import COUNTRIES, first_entity
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


@pytest.mark.parametrize(
    ("country", "begun"),
    [
        ("GB", ("GBP", TaxRegime.UK, "Europe/London")),
        ("US", ("USD", TaxRegime.US_AUTOMATED, "America/New_York")),
        ("FR", ("EUR", TaxRegime.UK, "Europe/Paris")),
        ("CA", ("CAD", TaxRegime.UK, "America/Toronto")),
        ("AU", ("AUD", TaxRegime.UK, "Australia/Sydney")),
    ],
)
def test_the_country_sets_currency_and_tax(
    inside: AppContext, client: FlaskClient, country: str, begun: tuple[str, TaxRegime, str]
) -> None:
    begin(client, country=country)
    ann = signup.find_user("ann@example.com")
    assert ann is not None
    with everywhere():
        organisation_id = ann.organisation_id
    with acting_for(organisation_id):
        (entity,) = entities()
        assert (entity.home_currency, entity.tax_regime, entity.time_zone) == begun


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


def test_where_the_rates_are_not_known_none_are_made_up_and_the_first_step_says_so(
    inside: AppContext, client: FlaskClient
) -> None:
    begin(client, country="DE")
    page = client.get("/").text
    assert "none were made up" not in page  # first the address that stands on invoices
    with everywhere():
        assert db.session.scalars(select(TaxCode)).all() == []
        entity = db.session.scalars(select(BillingEntity)).one()
    with acting_for(entity.organisation_id), transaction() as session:
        session.get_one(BillingEntity, entity.id).address = "1 Hafenstrasse, Hamburg"
    page = client.get("/").text
    assert "Enter the tax codes of your country with their rates: none were made up." in page
    assert 'href="/settings/tax-codes"' in page
    with acting_for(entity.organisation_id), transaction() as session:
        session.add(TaxCode(code="19", name="Standard", rate_percent=Decimal(19), treatment=Treatment.STANDARD))
    assert "Enter the tax codes of your country" not in client.get("/").text


def test_a_country_is_chosen_never_taken_for_granted(inside: AppContext, client: FlaskClient) -> None:
    path = path_of(owners.first_owner_link())
    assert client.get(path).text.count('<option selected value="">Choose a country') == 1
    assert begin(client, country="") == 422
    assert signup.find_user("ann@example.com") is None


def test_of_another_country_currency_and_tax_are_asked_on_the_next_page(
    inside: AppContext, client: FlaskClient
) -> None:
    path = path_of(owners.first_owner_link())
    said = {"name": "Ann", "email": "ann@example.com", "organisation": "Acme IT", "country": "other"}
    token = portal.csrf_token(client.get(path).text)
    answer = client.post(path, data={"csrf_token": token, "password": NEW, "again": NEW, **said})
    assert (answer.status_code, answer.location) == (303, "/settings/billing-entity/new")
    assert 'value="Acme IT"' in client.get(answer.location).text
    with everywhere():
        assert db.session.scalars(select(BillingEntity)).all() == []


def test_each_country_of_the_list_begins_with_what_the_settings_offer() -> None:
    offered, zones = dict(CURRENCIES), set(TIME_ZONES)
    begun = [fields for code, _name in COUNTRIES if (fields := first_entity("Acme IT", code))]
    assert len(begun) == len(COUNTRIES) - 1
    assert all(one.country in NAMES_OF_COUNTRIES for one in begun)
    assert all(one.home_currency in offered and one.time_zone in zones for one in begun)


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


def test_what_is_missing_is_listed_in_the_order_of_the_fields(inside: AppContext, client: FlaskClient) -> None:
    path = path_of(owners.first_owner_link())
    token = portal.csrf_token(client.get(path).text)
    summary = client.post(path, data={"csrf_token": token}).text.split('id="error-summary"')[1].split("</ul>")[0]
    fields = re.findall(r'href="#(\w+)"', summary)
    assert fields == ["name", "email", "organisation", "country", "password", "again"]


def test_while_nobody_can_sign_in_the_page_says_where_to_begin(inside: AppContext, client: FlaskClient) -> None:
    begins = "flask users first-link"
    assert begins in client.get("/sign-in").text
    assert begin(client) == 303
    assert begins not in client.application.test_client().get("/sign-in").text
