"""Catching up as the worker does it, for tests."""

from __future__ import annotations

from app.foundation.database import db, end_reading, transaction
from app.foundation.tenancy import current_organisation
from app.sync.listening import catchup
from app.sync.listening.cursors import Cursor, Gap
from app.sync.listening.gaps import Due, due
from tests.sync.books import Books


def cursor(books: Books) -> Cursor:
    """The row as it is now."""
    db.session.rollback()
    return db.session.get_one(Cursor, books.connection_id, populate_existing=True)


def catch_up(books: Books, gap: Gap = Gap.NIGHT) -> Cursor:
    """As the worker does; what was found is taken in."""
    end_reading()
    catchup.run(books.engine, Due(current_organisation(), books.connection_id, gap))
    books.take_in()
    return cursor(books)


def lose_webhooks(books: Books) -> None:
    """What waits is never delivered."""
    books.simulation.webhooks()


def gaps(books: Books) -> list[Gap]:
    """Why companies are due now."""
    end_reading()
    return [each.gap for each in due(books.engine.settings)]


def put_back(books: Books, **values: object) -> None:
    """Write values into the cursor."""
    due(books.engine.settings)
    with transaction() as session:
        for name, value in values.items():
            setattr(session.get_one(Cursor, books.connection_id), name, value)
