"""Where a reader stands in a log, read from the address; and the words of a search there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask import request

from app.sync.records.slices import Place
from app.web.session import me

Choice = TypeVar("Choice", bound=StrEnum)


def place_here() -> Place:
    """`?before=` or `?after=` a key; without them the newest end."""
    return Place(request.args.get("before", type=int), request.args.get("after", type=int))


def chosen(kind: type[Choice], name: str, otherwise: Choice) -> Choice:
    """The value of a parameter that has a few; anything else counts as not given."""
    value = request.args.get(name, "")
    return kind(value) if value in set(kind) else otherwise


def day_begins(name: str, *, plus_days: int = 0) -> datetime | None:
    """The moment at which a day of the address begins in the organisation's zone, in UTC; None without one."""
    try:
        day = date.fromisoformat(request.args.get(name, "")) + timedelta(days=plus_days)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(day, datetime.min.time(), ZoneInfo(me().organisation.time_zone)).astimezone(UTC)
