"""Billing entities: founded with all they need, changed, turned."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.billing import entities
from app.billing.entities import EntityFields
from app.billing.entity import TaxRegime
from app.billing.tax import TaxCode
from app.foundation.clock import HeldClock
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError, NotFoundError
from app.outbox.models import Lane, Mode, Subject
from tests.billing.firm import ANN, Firm, told
from tests.world import World


def test_a_uk_entity_is_founded_with_its_codes(firm: Firm) -> None:
    assert "20.0% S" in firm.codes
    assert firm.entity.lane == Lane(firm.entity.id, Mode.LIVE)


@pytest.mark.parametrize(
    ("country", "codes"),
    [
        ("IE", {"23.0% S", "13.5% R", "9.0% R", "0.0% Z", "Exempt"}),
        ("AU", {"GST", "GST free", "Input tax", "Out of Scope"}),
        ("NZ", {"GST", "Zero-rated", "Exempt", "Out of Scope"}),
        ("DE", set()),
    ],
)
def test_an_entity_begins_with_the_codes_of_its_own_country(northgate: World, country: str, codes: set[str]) -> None:
    with transaction():
        entities.found_entity(EntityFields(name="Northgate", country=country, home_currency="EUR"))
    assert set(db.session.scalars(select(TaxCode.code))) == codes


def test_a_canadian_entity_has_the_rate_of_each_province_that_harmonises(northgate: World) -> None:
    with transaction():
        entity = entities.found_entity(EntityFields(name="Northgate", country="CA", home_currency="CAD"))
    rates = {code.code: code.rate_percent for code in db.session.scalars(select(TaxCode)) if code.is_charged}
    assert rates == {
        "GST": 5, "HST ON": 13, "HST NS": 14, "HST NB 2016": 15, "HST NL 2016": 15, "HST PE 2016": 15,
    }  # fmt: skip
    assert not entities.must_enter_codes(entity)


def test_one_name_for_the_rates_of_two_countries_stands_for_one_of_them(northgate: World) -> None:
    with transaction():
        for country in ("AU", "NZ", "AU"):
            entities.found_entity(EntityFields(name=country, country=country))
    rates = {code.code: code.rate_percent for code in db.session.scalars(select(TaxCode)) if code.is_charged}
    assert rates == {"GST": 10, "GST 15%": 15}


def test_who_is_taxed_otherwise_from_now_on_gets_those_codes_too(firm: Firm) -> None:
    american = EntityFields(name="Northgate", country="US", tax_regime=TaxRegime.US_AUTOMATED)
    with transaction():
        entities.change_entity(firm.entity, american, actor=ANN)
    assert {"TAX", "NON", "20.0% S"} <= set(db.session.scalars(select(TaxCode.code)))


def test_turning_the_mode_turns_the_lane_and_is_told(firm: Firm) -> None:
    with transaction():
        entities.turn_mode(firm.entity, Mode.TEST, actor=ANN)
    assert firm.entity.lane.mode is Mode.TEST
    assert told(Subject("billing_entity", firm.entity.id))[-1] == "The mode was turned to test."


def test_an_entitys_today_is_that_of_its_own_wall(firm: Firm, held: HeldClock) -> None:
    held.move(datetime(2026, 7, 1, 23, 30, tzinfo=UTC) - held.now())
    assert firm.entity.today() == date(2026, 7, 2)


def test_details_change_and_nonsense_is_refused(firm: Firm) -> None:
    with transaction():
        entities.change_entity(firm.entity, EntityFields(name="Northgate", tax_regime=TaxRegime.NONE), actor=ANN)
    assert firm.entity.name == "Northgate"
    for bad in (EntityFields(name=""), EntityFields(name="x", number_digits=0)):
        with pytest.raises(BadInputError), transaction():
            entities.change_entity(firm.entity, bad, actor=ANN)


def test_the_only_entity_is_found_without_asking_and_a_strangers_never(firm: Firm) -> None:
    assert entities.only_entity().id == entities.only_entity(firm.entity.id).id == firm.entity.id
    with pytest.raises(NotFoundError):
        entities.only_entity(firm.entity.id + 1)


def test_an_organisation_without_an_entity_is_told(northgate: World) -> None:
    with pytest.raises(NotFoundError):
        entities.only_entity()
