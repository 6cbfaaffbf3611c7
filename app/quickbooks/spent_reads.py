"""The month's reads of an Intuit app, once they are spent: then Intuit refuses them as it throttles, for days.

Beyond its budget "calls are blocked with 429" for the rest of the month (reference 7); whether writes are too, nobody
has recorded. Pausing the company for a minute would be of no use and hold its writes up, and a slower pace would be
learnt from it for nothing. So a read that is throttled when the budget is spent by our own count is a kind of its own,
and the reads of that app are not asked for again for an hour: the budget may have been raised, our count may be wrong.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.foundation import clock
from app.foundation.database import end_reading
from app.quickbooks import counters
from app.quickbooks.calls import CallForm
from app.quickbooks.errors import QuickBooksError, ReadsSpent, Throttled
from app.quickbooks.governor import Passage
from app.quickbooks.meter import Meter

_ASKED_AGAIN = timedelta(hours=1)


class SpentReads:
    """Which apps' reads are held, and until when. The memory of one process: each asks once an hour for itself."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._held: dict[str, datetime] = {}

    def require_none(self, passage: Passage) -> None:
        """Raises ReadsSpent for a read that is held; nothing leaves then, and nothing is counted."""
        until = self._held.get(passage.metered_for)
        if until is not None and until > clock.now() and _is_metered(passage):
            raise _hold(until)

    def meaning(self, passage: Passage, trouble: QuickBooksError) -> QuickBooksError:
        """What a call's trouble means: ReadsSpent for a metered read that is throttled at the end of its budget."""
        if not isinstance(trouble, Throttled) or not _is_metered(passage):
            return trouble
        now = clock.now()
        meter = Meter(counters.reads_this_month(passage.metered_for, now), self._budget)
        end_reading()
        if not meter.is_spent:
            return trouble
        until = self._held[passage.metered_for] = now + _ASKED_AGAIN
        return _hold(until, trouble)


def _is_metered(passage: Passage) -> bool:
    return passage.form is CallForm.READ and bool(passage.metered_for)


def _hold(until: datetime, trouble: QuickBooksError | None = None) -> ReadsSpent:
    seconds = max((until - clock.now()).total_seconds(), 1.0)
    return ReadsSpent(seconds) if trouble is None else ReadsSpent(seconds, evidence=trouble.evidence)
