"""Billing entities: founded with all they need, changed, turned."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.billing import entities
from app.billing.entities import EntityFields
from app.billing.entity import TaxRegime
from app.foundation.clock import HeldClock
from app.foundation.database import transaction
from app.foundation.errors import BadInputError, NotFoundError
from app.outbox.models import Lane, Mode, Subject
from tests.billing.firm import ANN, Firm, told
from tests.world import World


def test_a_uk_entity_is_founded_with_its_codes(firm: Firm) -> None:
    assert "20.0% S" in firm.codes
    assert firm.entity.lane == Lane(firm.entity.id, Mode.LIVE)


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
