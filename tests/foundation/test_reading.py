"""What is asked once in a reading."""

from __future__ import annotations

import gc
import weakref
from itertools import count

import pytest
from sqlalchemy import select

from app.accounts.models import Organisation
from app.foundation import reading
from app.foundation.database import db, end_reading, transaction
from app.foundation.reading import once
from app.foundation.tenancy import TenancyError, acting_for, everywhere

pytestmark = pytest.mark.usefixtures("world")


def test_in_one_reading_a_thing_is_asked_once() -> None:
    numbers = count()
    with acting_for(1):
        assert [once("n", lambda: next(numbers)) for _each in range(3)] == [0, 0, 0]
        assert once("other", lambda: next(numbers)) == 1
        end_reading()
        assert once("n", lambda: next(numbers)) == 2


def test_each_organisation_has_its_own_answers() -> None:
    with acting_for(1):
        assert once("n", lambda: 1) == 1
    with acting_for(2):
        assert once("n", lambda: 2) == 2
    with everywhere(), pytest.raises(TenancyError):
        once("n", lambda: 3)


def test_who_writes_asks_anew_each_time_and_nothing_of_it_is_kept() -> None:
    numbers = count()
    with acting_for(1):
        assert once("n", lambda: next(numbers)) == 0
        with transaction():
            assert [once("n", lambda: next(numbers)) for _each in range(2)] == [1, 2]
        assert once("n", lambda: next(numbers)) == 3


def test_it_begins_the_reading_that_it_belongs_to() -> None:
    with acting_for(1):
        once("n", lambda: 1)
        assert db.session().in_transaction()
        db.session.scalars(select(Organisation.id).limit(1)).all()
        assert once("n", lambda: 2) == 1


def test_nothing_is_kept_of_a_reading_that_has_ended_not_even_the_rows_it_found() -> None:
    gc.collect()
    before = len(reading._known)
    with acting_for(1):
        found = weakref.ref(once("rows", lambda: db.session.scalars(select(Organisation)).all())[0])
        assert (len(reading._known), found() is not None) == (before + 1, True)
        end_reading()
    gc.collect()
    assert (len(reading._known), found()) == (before, None)
