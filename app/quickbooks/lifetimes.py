"""When a permission ends, and when its owners must hear of it (pure).

A refresh token lives about a hundred days from its last refresh, and no permission longer than five years from its
authorisation (reference 1.4). The first end moves with every refresh; only a person can move the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WARN_DAYS = (14, 7, 2)
QUIET = timedelta(days=7)
"""A connection that has not been refreshed for so long is refreshed for its own sake."""


@dataclass(frozen=True)
class Ending:
    """An end that is near: when, and whether connecting again is the only help."""

    at: datetime
    for_good: bool
    left: timedelta

    @property
    def days(self) -> int:
        """Whole days that are left."""
        return max(self.left.days, 0)

    @property
    def warning(self) -> int:
        """Which of the warnings is due: 14, 7 or 2, in days."""
        return min(days for days in WARN_DAYS if self.left <= timedelta(days=days))

    @property
    def words(self) -> str:
        """What a person reads; the moment is left to the page or the mail, which know the time zone."""
        days = "1 day" if self.days == 1 else f"{self.days} days"
        why = "QuickBooks ends every permission after five years" if self.for_good else "it could not be renewed lately"
        return f"The permission to use QuickBooks ends in {days}: {why}. Choose Reconnect before then."


def ending(refresh_expires_at: datetime | None, hard_expires_at: datetime | None, now: datetime) -> Ending | None:
    """The end that comes first, if it is near enough to warn of; None for one that is far away, or not known."""
    ends = [(at, at is hard_expires_at) for at in (hard_expires_at, refresh_expires_at) if at is not None]
    if not ends:
        return None
    at, for_good = min(ends)
    left = at - now
    return Ending(at, for_good, left) if left <= timedelta(days=max(WARN_DAYS)) else None


def is_quiet(access_expires_at: datetime | None, now: datetime) -> bool:
    """Whether nobody has needed a token for so long that it should be refreshed for its own sake."""
    return access_expires_at is not None and now - access_expires_at > QUIET
