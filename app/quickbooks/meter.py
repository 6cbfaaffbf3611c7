"""The reads that Intuit counts for an app in a month, against what it allows (pure).

Every successful read in production counts, in the sandbox none; beyond the budget Intuit blocks the app for the rest of
the month (reference 7). Its free tier allows 500,000, paid ones more.
"""

from __future__ import annotations

from dataclasses import dataclass

WARN_PERCENT = (70, 90, 100)


@dataclass(frozen=True)
class Meter:
    """Reads of one Intuit app in one month."""

    reads: int
    budget: int

    @property
    def percent(self) -> int:
        """How much of the budget is used, rounded down."""
        return self.reads * 100 // self.budget

    @property
    def warning(self) -> int | None:
        """The highest of the warnings that is due: 70, 90 or 100; None below."""
        return max((percent for percent in WARN_PERCENT if self.percent >= percent), default=None)

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left by our count: what QuickBooks refuses to be read now is refused until next month."""
        return self.reads >= self.budget

    @property
    def words(self) -> str:
        """What a person reads."""
        if self.is_spent:
            return f"The {self.budget:,} reads that Intuit allows this app in a month are spent"
        return f"{self.percent} % of the {self.budget:,} reads that Intuit allows this app in a month are used"
