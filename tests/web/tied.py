"""A company in QuickBooks that the firm is connected to, without anybody to talk to."""

from __future__ import annotations

from app.billing.entity import BillingEntity
from app.foundation import clock
from app.foundation.database import db, transaction
from app.quickbooks.models import Connection, ConnectionState
from app.sync.records.policies import Policy


def tie(entity: BillingEntity, *, automatic_push: bool = True) -> Connection:
    """Write the connection of the entity's present mode, and its policies."""
    with transaction():
        now = clock.now()
        connection = Connection(
            billing_entity_id=entity.id,
            mode=entity.mode.value,
            state=ConnectionState.ACTIVE,
            realm_id="9130350000000001",
            company_name="Northgate books",
            connected_at=now,
        )
        db.session.add(connection)
        db.session.flush()
        db.session.add(Policy(connection_id=connection.id, automatic_push=automatic_push, push_since=now))
        return connection
