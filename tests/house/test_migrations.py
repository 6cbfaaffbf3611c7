"""The migrations make exactly the tables that the models describe, and can be taken back, on both databases."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select, text

from app import tables
from app.billing.payment import Payment
from app.billing.tally import DocumentTally
from app.factory import create_app
from app.foundation.database import db, table_of
from app.foundation.settings import read_settings
from app.foundation.tenancy import everywhere
from tests.house.small_world import write_it
from tests.house.sources import ROOT

MIGRATIONS = str(ROOT / "migrations")
KEY = ("organisation_id", "billing_entity_id", "kind", "status", "currency")
SUMS = ("documents", "net_pence", "tax_pence", "owed_pence", "settled_pence")
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


def unapplied() -> dict[int, int]:
    """{payment: pence that nothing takes up}."""
    with everywhere():
        found = db.session.execute(select(Payment.id, Payment.unapplied_pence))
        left = {payment_id: int(pence) for payment_id, pence in found}
    db.session.rollback()
    return left


def tallied(*more: str) -> set[tuple[object, ...]]:
    """What the documents of each key come to; of what was and is no more, nothing."""
    rows = table_of(DocumentTally).c
    key = [rows[name] for name in (*KEY, *more)]
    sums = [func.sum(rows[name]) for name in SUMS]
    kept = select(*key, *sums).group_by(*key).having(func.sum(rows.documents) > 0)
    found = {tuple(int(one) if isinstance(one, Decimal) else one for one in row) for row in db.session.execute(kept)}
    db.session.rollback()
    return found


@pytest.mark.prove(weight=0)
def test_what_is_derived_is_filled_in_as_it_had_been_kept(empty: None) -> None:
    flask_migrate.upgrade(MIGRATIONS)
    write_it()
    left, by_status, by_month = unapplied(), tallied(), tallied("issue_month")
    assert (len(set(left.values())) > 3, len(by_status) > 8, len(by_month) > len(by_status)) == (True, True, True)
    flask_migrate.downgrade(MIGRATIONS, revision="0019")
    flask_migrate.upgrade(MIGRATIONS, revision="0023")
    assert tallied() == by_status
    flask_migrate.upgrade(MIGRATIONS)
    assert (unapplied(), tallied("issue_month")) == (left, by_month)


def test_clients_from_before_their_region_was_kept_have_none(empty: None) -> None:
    flask_migrate.upgrade(MIGRATIONS)
    write_it()
    flask_migrate.downgrade(MIGRATIONS, revision="0034")
    with db.engine.begin() as before:
        number = before.scalar(text("SELECT count(*) FROM client"))
        before.execute(text("UPDATE client SET city = 'Leeds'"))
    flask_migrate.upgrade(MIGRATIONS)
    with db.engine.begin() as now:
        found = [tuple(row) for row in now.execute(text("SELECT region, city FROM client"))]
    assert (found, bool(number)) == ([("", "Leeds")] * int(number or 0), True)


@pytest.mark.prove(weight=0)
@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
def test_how_much_a_new_index_finds_is_known_at_once(empty: None) -> None:
    flask_migrate.upgrade(MIGRATIONS)
    write_it()
    flask_migrate.downgrade(MIGRATIONS, revision="0025")
    flask_migrate.upgrade(MIGRATIONS)
    known = set(db.session.scalars(text("SELECT idx FROM sqlite_stat1")))
    assert {"ix_payment_referenced", "ix_document_numbered", "ix_payment_listed"} <= known
