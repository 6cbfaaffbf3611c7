"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, String, TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, kept as UTC; a naive one is refused, for nobody could say what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware moment to UTC; SQLite gets it without the offset."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone can't be stored")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the interface of TypeDecorator
        """Back to an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept digit by digit as text: SQLite's own numbers are floats and would change 0.0000001."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the interface of TypeDecorator
        """Decimal to plain text, never with an exponent."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - the interface of TypeDecorator
        """Text back to Decimal."""
        return None if value is None else Decimal(value)


def enum_of(kind: type[StrEnum]) -> Enum:
    """A column for a StrEnum: stored as its value, readable in any tool, without a database type of its own."""
    return Enum(kind, native_enum=False, length=40, values_callable=_values, create_constraint=False)


def _values(kind: type[Any]) -> list[str]:
    return [member.value for member in kind]
