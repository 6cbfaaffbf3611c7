"""How migrations run: on the application's own engine, in one transaction, in batches where SQLite needs them."""

# ruff: noqa: INP001 - Alembic runs this file by its path
from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Enum

from app.foundation import sqlite
from app.foundation.columns import ExactDecimal, UTCDateTime
from app.tables import metadata


def plain_type(kind: str, value: Any, _autogen: object) -> str | Literal[False]:
    """Our column types as what the database sees, so that an old migration never imports today's code."""
    if kind != "type":
        return False
    if isinstance(value, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(value, ExactDecimal):
        return "sa.String(length=40)"
    return f"sa.String(length={value.length})" if isinstance(value, Enum) else False


def drop_empty(_context: object, _revision: object, directives: list[Any]) -> None:
    """Write no migration when nothing changed."""
    asked_to_write = getattr(context.config.cmd_opts, "autogenerate", False)  # `db check` wants its empty one
    if asked_to_write and directives[0].upgrade_ops.is_empty():
        directives.clear()


def run(connection: Connection) -> None:
    """Bring the schema where it was asked to be; SQLite takes the write lock at once, as for every writer."""
    if connection.dialect.name == "sqlite":
        # A batch rebuilds a table by dropping it: with keys enforced that would take its children along.
        connection.connection.execute("PRAGMA foreign_keys=OFF")
    options = {"process_revision_directives": drop_empty, **current_app.extensions["migrate"].configure_args}
    token = sqlite.writing.set(True)
    try:
        context.configure(
            connection=connection, target_metadata=metadata, render_item=plain_type, transactional_ddl=True, **options
        )
        with context.begin_transaction():
            context.run_migrations()
    finally:
        sqlite.writing.reset(token)


if context.is_offline_mode():
    raise SystemExit("Migrations need the database: they are not written as SQL scripts.")

with current_app.extensions["migrate"].db.engine.connect() as opened:
    run(opened)
    opened.invalidate()  # keys are enforced again on the next connection, not on this one
sqlite.learn_sizes(current_app.extensions["migrate"].db.engine)  # an index of unknown size is taken for the best
