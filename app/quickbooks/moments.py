"""Intuit's times: offsets, Z, no zone at all, and up to nine digits of a second (pure)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any


def moment(value: Any) -> datetime | None:
    """A time as an aware moment in UTC; None when it is missing or none. Digits beyond microseconds are dropped."""
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):  # the last of the first year of all, whose day in UTC is none
        return None


def day(value: Any) -> date | None:
    """A date; None when it is missing or none. Some lists carry an offset behind it, which means nothing."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
