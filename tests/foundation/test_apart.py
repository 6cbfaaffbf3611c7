"""One among many fails by itself; what the database cannot do for anybody is told to everybody."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import exc, select
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.foundation.apart import apart, is_everybodys
from app.foundation.database import db, in_transaction, transaction
from tests.world import World

TAKEN = exc.IntegrityError("INSERT", None, ValueError("it is there already"))


def rename(session: Session, world: World, name: str) -> None:
    session.get_one(Organisation, world.northgate.id).name = name


def test_what_fails_apart_is_undone_alone(northgate: World) -> None:
    with transaction() as session:
        rename(session, northgate, "Northgate Ltd")
        with suppress(exc.IntegrityError), apart():
            rename(session, northgate, "Southgate Ltd")
            session.flush()
            raise TAKEN
    assert db.session.scalars(select(Organisation.name).filter_by(id=northgate.northgate.id)).one() == "Northgate Ltd"


def test_what_goes_well_apart_stays(northgate: World) -> None:
    with transaction() as session, apart():
        rename(session, northgate, "Northgate Ltd")
    assert db.session.scalars(select(Organisation.name).filter_by(id=northgate.northgate.id)).one() == "Northgate Ltd"


def test_a_reading_that_fails_is_over_and_may_begin_anew(northgate: World) -> None:
    with suppress(exc.IntegrityError), apart():
        db.session.scalars(select(Organisation)).all()
        raise TAKEN
    assert not in_transaction()


@pytest.mark.parametrize("kind", [exc.IntegrityError, exc.DataError])
def test_a_value_that_is_refused_is_the_fault_of_its_row(kind: type[exc.DBAPIError]) -> None:
    assert not is_everybodys(kind("INSERT", None, ValueError()))
    assert not is_everybodys(exc.NoResultFound())
    assert not is_everybodys(KeyError("a defect"))


@pytest.mark.parametrize("kind", [exc.OperationalError, exc.InternalError])
def test_a_database_that_is_busy_or_away_is_everybodys(kind: type[exc.DBAPIError]) -> None:
    assert is_everybodys(kind("INSERT", None, ValueError()))
    assert is_everybodys(exc.InterfaceError("INSERT", None, ValueError(), connection_invalidated=True))
