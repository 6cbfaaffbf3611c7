"""Turning the mode: what waits is parked, what comes back goes on, nothing is redirected."""

from __future__ import annotations

import pytest

from app.billing.entity import BillingEntity
from app.foundation.database import db, transaction
from app.foundation.errors import ConflictError
from app.outbox.models import Message, MessageState, Mode
from app.sync.steering import modes
from tests.billing.firm import ANN, Firm, build, messages
from tests.world import World


@pytest.fixture
def firm(northgate: World) -> Firm:
    return build()


def turn(firm: Firm, to: Mode) -> int:
    with transaction():
        return modes.turn(entity(firm), to, actor=ANN)


def entity(firm: Firm) -> BillingEntity:
    return db.session.get_one(BillingEntity, firm.entity.id)


def test_what_waits_is_parked_with_its_question(firm: Firm) -> None:
    turn(firm, Mode.TEST)
    invoice = firm.open()
    assert modes.turning(entity(firm)).parks == 1
    assert turn(firm, Mode.LIVE) == 1
    message = db.session.query(Message).one()
    assert (message.state, message.mode, message.blocker) == (MessageState.PARKED, Mode.TEST, "mode")
    assert message.reason == "Opened in Sandbox: send to Production?"
    assert modes.left_in_test(entity(firm)) == [("invoice", invoice.id)]


def test_what_was_parked_goes_on_in_its_own_mode(firm: Firm) -> None:
    invoice = firm.open()
    turn(firm, Mode.TEST)
    assert modes.turning(entity(firm)).releases == 1
    assert modes.left_in_test(entity(firm)) == []
    turn(firm, Mode.LIVE)
    assert messages(invoice.subject) == [MessageState.WAITING]


def test_turning_to_the_same_mode_is_refused(firm: Firm) -> None:
    with pytest.raises(ConflictError, match="Production already"):
        turn(firm, Mode.LIVE)
