"""Columns mean the same on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, Row, create_engine, insert, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.foundation import columns, sqlite


class Colour(StrEnum):
    RED = "red"


class Base(DeclarativeBase):
    """Tables of this test alone."""


class Thing(Base):
    """One of each column."""

    __tablename__ = "thing"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime | None] = mapped_column(columns.UTCDateTime)
    price: Mapped[Decimal | None] = mapped_column(columns.ExactDecimal)
    colour: Mapped[Colour | None] = mapped_column(columns.enum_of(Colour))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = create_engine("sqlite://", module=sqlite.library)  # type: ignore[attr-defined]  # chosen there, once
    else:
        made = create_engine(request.getfixturevalue("postgresql_url"))
    Base.metadata.create_all(made)
    yield made
    made.dispose()


def kept(engine: Engine, **values: object) -> Row[Any]:
    """A row, written and read again."""
    with engine.begin() as connection:
        connection.execute(insert(Thing).values(**{"id": 1} | values))
    with engine.connect() as connection:
        return connection.execute(select(Thing.__table__)).one()


def test_a_moment_comes_back_in_utc(engine: Engine) -> None:
    summer = datetime(2026, 7, 1, 12, 30, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    assert kept(engine, at=summer).at == datetime(2026, 7, 1, 11, 30, 0, 123456, tzinfo=UTC)


def test_a_moment_far_away_can_be_kept(engine: Engine) -> None:
    far = datetime(9999, 1, 1, tzinfo=UTC)
    assert kept(engine, at=far).at == far


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        kept(engine, at=datetime(2026, 7, 1))  # noqa: DTZ001 - the very thing that is refused


@pytest.mark.parametrize("price", ["0.0000001", "12345678901234567890.12", "1E+3", "-0.10", "0.1"])
def test_a_price_is_kept_digit_by_digit(engine: Engine, price: str) -> None:
    assert kept(engine, price=Decimal(price)).price == Decimal(price)


def test_nothing_stays_nothing(engine: Engine) -> None:
    thing = kept(engine)
    assert (thing.at, thing.price, thing.colour) == (None, None, None)


def test_a_choice_is_stored_as_its_value(engine: Engine) -> None:
    assert kept(engine, colour=Colour.RED).colour is Colour.RED
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT colour FROM thing").scalar() == "red"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_any_price_is_written_without_an_exponent(price: Decimal) -> None:
    text = columns.ExactDecimal().process_bind_param(price, None)  # type: ignore[arg-type]  # the dialect is not looked at
    assert text is not None
    assert "E" not in text
    assert Decimal(text) == price
