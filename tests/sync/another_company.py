"""Another company that takes the place of the one which is connected; or none does."""

from __future__ import annotations

import pytest

from app.foundation import clock
from app.foundation.database import transaction
from app.quickbooks.errors import ReconnectNeeded
from app.quickbooks.models import Connection, ConnectionState
from app.sync.company import connecting
from tests.sync.books import Books


def another_company(books: Books) -> int:
    """Somebody consented for another company, and it was seen."""
    with transaction() as session:
        row = Connection(billing_entity_id=books.firm.entity.id, mode="live", realm_id="77", connected_at=clock.now())
        row.state, row.company_name, row.company_seen_at = ConnectionState.PENDING, "Southgate Ltd", clock.now()
        session.add(row)
        session.flush()
        return row.id


def accept_another(books: Books) -> None:
    other = another_company(books)
    with pytest.raises(ReconnectNeeded):  # its lists can't be read: the simulator has no such company
        connecting.accept(books.engine.quickbooks, other)
    with transaction() as session:
        session.get_one(Connection, other).state = ConnectionState.ACTIVE


def disconnect(books: Books) -> None:
    """Olivia ends the connection."""
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
