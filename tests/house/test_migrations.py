"""The migrations make exactly the tables that the models describe, and can be taken back, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from app import tables
from app.factory import create_app
from app.foundation.database import db
from app.foundation.settings import read_settings
from tests.house.sources import ROOT

MIGRATIONS = str(ROOT / "migrations")
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=BOTH)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """An application whose database holds nothing yet."""
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/portal.sqlite" if on_sqlite else request.getfixturevalue("postgresql_url")
    app = create_app(read_settings(database_url=url, secret_key="0" * 64, sealing_keys=f"check:{'A' * 43}="))
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def tables_there() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_all_migrations_stand_in_one_line() -> None:
    script = ScriptDirectory(MIGRATIONS)
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_models_and_migrations_are_in_step(empty: None) -> None:
    flask_migrate.upgrade(MIGRATIONS)
    assert tables_there() == set(tables.metadata.tables)
    flask_migrate.check(MIGRATIONS)


def test_every_migration_can_be_taken_back_and_made_again(empty: None) -> None:
    flask_migrate.upgrade(MIGRATIONS)
    flask_migrate.downgrade(MIGRATIONS, revision="base")
    assert tables_there() == set()
    flask_migrate.upgrade(MIGRATIONS)
    assert tables_there() == set(tables.metadata.tables)
