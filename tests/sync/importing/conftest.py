"""A company with a history that we do not know."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.foundation.database import transaction
from app.sync.records.mappings import Mapping, MappingKind
from tests.sync.books import Books


@pytest.fixture
def history(books: Books) -> Books:
    """Acme is a customer there, and support is the item 2."""
    books.invoice()
    with transaction() as session:
        named = select(Mapping).where(Mapping.kind == MappingKind.SERVICE)
        for row in session.scalars(named):
            row.remote_id = "2"
    return books
