"""Scenes of the permission: tokens renewed, lost and given anew; a company connected, accepted, disconnected."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from app.billing.entity import BillingEntity
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.quickbooks import catalogue
from app.quickbooks.models import ConnectionState
from app.simulator.world import World
from app.sync.company import connecting
from app.sync.company.connecting import Returned
from tests.crashes.life import Life
from tests.crashes.scene import Scene
from tests.crashes.stage import Stage
from tests.simulation import REALM, Simulation
from tests.sync.books import connection

_BACK = "https://portal.example/quickbooks/callback"


def _expired(stage: Stage) -> None:
    """The access token's hour is over, something waits, and each refresh token works once."""
    stage.books.simulation.control("switches", {"refresh_rotation_seconds": 0, "old_refresh_grace_seconds": 0})
    stage.books.firm.open()
    with transaction():
        row = connection(stage.books)
        row.access_refresh_at = row.access_expires_at = clock.now() - timedelta(minutes=1)
    stage.books.simulation.control(f"companies/{REALM}/expire")


def _dead_early(stage: Stage) -> None:
    """Intuit no longer takes an access token that looks good to us."""
    stage.books.simulation.control("switches", {"refresh_rotation_seconds": 0, "old_refresh_grace_seconds": 0})
    stage.books.firm.open()
    stage.books.simulation.control(f"companies/{REALM}/expire")


def _revoked(stage: Stage) -> None:
    """The permission was taken back in QuickBooks, and something waits."""
    stage.books.simulation.control(f"companies/{REALM}/disconnect")
    stage.books.firm.open()


def _lost(stage: Stage) -> None:
    """As before, and we know it."""
    _revoked(stage)
    stage.books.send()


def _cut(stage: Stage) -> None:
    connecting.disconnect(stage.books.engine.quickbooks, stage.books.connection_id, by="Olivia")


def _waiting(stage: Stage) -> None:
    stage.books.firm.open()


def _come_back(life: Life) -> int:
    """A person comes back from Intuit with a fresh code; returns the connection's id."""
    intuit = Simulation(life.order.base, cast("World", None))
    wish = {"client_id": "SIM-PRODUCTION-KEY", "redirect_uri": _BACK, "state": "s"}
    code = intuit.control(f"companies/{REALM}/authorize", wish)["code"]
    entity = db.session.get_one(BillingEntity, life.order.lane.billing_entity_id)
    return connecting.receive(life.engine.quickbooks, entity, 1, Returned(code, REALM, _BACK))


def _connect(life: Life) -> None:
    """Connect and say yes; whoever finds the company connected reads its lists again."""
    found = life.connection
    if found is not None and found.state is ConnectionState.ACTIVE:
        connection_id = found.id
        end_reading()
        catalogue.refresh(life.engine.quickbooks, connection_id)
    else:
        connecting.accept(life.engine.quickbooks, _come_back(life))
    life.work()


def _reconnect(life: Life) -> None:
    """Connect the same company again, unless it is; what waited goes."""
    found = life.connection
    if found is None or found.state is not ConnectionState.ACTIVE:
        _come_back(life)
    life.work()


def _disconnect(life: Life) -> None:
    """Disconnect, unless it is done."""
    found = life.connection
    if found is not None:
        connecting.disconnect(life.engine.quickbooks, found.id, by="Olivia")
    life.work()


CONNECTING = {
    "a token renewed": Scene(_expired, may_lose_permission=True),
    "a token that died early": Scene(_dead_early, may_lose_permission=True),
    "a permission taken back": Scene(_revoked),
    "the same company again": Scene(_lost, _reconnect),
    "a company connected": Scene(_cut, _connect),
    "a company disconnected": Scene(_waiting, _disconnect),
}
