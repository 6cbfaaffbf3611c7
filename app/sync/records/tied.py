"""Which company a lane's messages are told to."""

from __future__ import annotations

from sqlalchemy import Select, select

from app.foundation import reading
from app.foundation.database import db
from app.outbox.models import Lane
from app.quickbooks.models import Connection
from app.quickbooks.ties import TIED


def connection_of(lane: Lane) -> Connection | None:
    """The connection that a lane's messages are told to: active, or waiting to be reconnected. None: not connected."""
    return reading.once(("connection", lane), lambda: db.session.scalar(_tied_to(lane)))


def _tied_to(lane: Lane) -> Select[Connection]:
    return select(Connection).where(
        Connection.billing_entity_id == lane.billing_entity_id,
        Connection.mode == lane.mode.value,
        Connection.state.in_(TIED),
    )
