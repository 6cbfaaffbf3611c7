"""The company's row, held by whoever changes what belongs to the company: one after the other, in one order of locks.

Envelopes, messages and links are changed in many orders: by an answer, a webhook, a person's click, a disconnect. On
PostgreSQL two of them could wait for each other in a circle, of which one is then ended as a deadlock; and one could
write over what the other has learnt since it was read. So each takes this row first, behind the governor's row where
it holds a lease, and reads what it is going to change only then. SQLite lets one writer in at a time anyway.

It is held without its key: what merely points to the company may be added meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from app.foundation.database import bare, db, table_of
from app.foundation.tenancy import ours
from app.outbox.models import Lane
from app.quickbooks.models import Connection, ConnectionState

_CONNECTION = table_of(Connection)
_HOLD = (
    select(_CONNECTION.c.state)
    .where(_CONNECTION.c.id == bindparam("of_connection"), ours(_CONNECTION))
    .with_for_update(key_share=True)
)


def hold(connection_id: int) -> ConnectionState | None:
    """Hold a company until the caller's transaction ends; returns how it is connected now, None where it is not ours.

    Rows of it that were read before may be out of date.
    """
    state: ConnectionState | None = bare(_HOLD, {"of_connection": connection_id}).scalar()
    return state


def hold_all(lanes: Iterable[Lane]) -> None:
    """Hold every company that these lanes' messages are, or were, told to."""
    for lane in sorted(set(lanes)):
        of_lane = (Connection.billing_entity_id == lane.billing_entity_id, Connection.mode == lane.mode.value)
        for connection_id in db.session.scalars(select(Connection.id).where(*of_lane).order_by(Connection.id)).all():
            hold(connection_id)
