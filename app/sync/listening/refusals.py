"""Refused calls: visible in the webhook log and never a burden, for anybody may knock, as often as he likes.

The first of a minute get a row each; the rest are counted on the last of these rows. They are counted in memory and
written down at most once a second for each source that floods us: with a later call, refused or accepted, or when the
process ends. So the log may lag behind by a second, and after a flood until somebody knocks again; a process that is
killed takes its uncounted refusals along. Nothing that was signed ever rests in memory alone.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask import current_app
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.database import transaction
from app.sync.listening.deliveries import Delivery

REFUSED_A_MINUTE = 60
"""Refused calls of one source that get a row of their own in a minute; the rest are counted on the last one."""
REFUSED_BY_ALL = 600
_WRITTEN_EVERY = 1.0
"""Seconds; as long a source that was found to flood us is taken to go on, without a look at the database."""
EXTENSION = "counterfoil.refusals"


@dataclass
class _Crowd:
    """Calls that are only counted, on this row; until then (monotonic seconds) the database need not be asked."""

    row_id: int
    until: float


class Refusals:
    """Those of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._crowds: dict[str | None, _Crowd] = {}
        """By source; None is everybody."""
        self._uncounted: Counter[int] = Counter()
        """{row id: calls} that are not written down yet."""
        self._due_at = 0.0

    def note(self, source: str, describe: Callable[[], Delivery]) -> None:
        """Remember a refused call; in a flood it is not even described. Raises OperationalError when it must be stored.

        Needs an app context.
        """
        if not self._is_counted(source):
            self._write(describe())

    def write_down_if_due(self) -> None:
        """Write down what has been counted for a second and longer, if anything. Needs an app context."""
        if self._uncounted and clock.monotonic() >= self._due_at:
            self.write_down()

    def write_down(self) -> None:
        """Write down what was only counted so far, if anything. Needs an app context."""
        if self._uncounted:
            with self._writing():
                pass

    def _is_counted(self, source: str) -> bool:
        now = clock.monotonic()
        with self._lock:
            known = [self._crowds[key] for key in (None, source) if key in self._crowds]
            crowd = next((crowd for crowd in known if now < crowd.until), None)
            if crowd is None:
                for over in known:
                    over.until = now + _WRITTEN_EVERY  # this call looks anew, and those that come meanwhile need not
                return False
            if not self._uncounted:
                self._due_at = now + _WRITTEN_EVERY
            self._uncounted[crowd.row_id] += 1
            return True

    def _write(self, call: Delivery) -> None:
        call.processed_at = call.arrived_at
        source = call.source
        with self._writing() as session:
            key, row_id = _crowd_of(session, source)
            if row_id is None:
                session.add(call)
            else:
                _count(session, row_id, 1)
        now = clock.monotonic()
        with self._lock:
            for over in {None, source, *(other for other, crowd in self._crowds.items() if crowd.until <= now)}:
                self._crowds.pop(over, None)
            if row_id is not None:
                self._crowds[key] = _Crowd(row_id, now + _WRITTEN_EVERY)

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """A transaction that begins with what was only counted; where it fails that stays counted in memory."""
        with self._lock:
            counted, self._uncounted = self._uncounted, Counter()
        try:
            with transaction() as session:
                for row_id, number in sorted(counted.items()):
                    _count(session, row_id, number)
                yield session
        except BaseException:
            with self._lock:
                self._uncounted += counted
            raise


def refusals() -> Refusals:
    """Those of the running application. Needs an app context."""
    return cast("Refusals", current_app.extensions.setdefault(EXTENSION, Refusals()))


def _count(session: Session, row_id: int, number: int) -> None:
    """By the database's own sum: other processes count on the same row."""
    session.execute(update(Delivery).where(Delivery.id == row_id).values(more=Delivery.more + number))


def _crowd_of(session: Session, source: str) -> tuple[str | None, int | None]:
    """Who floods us, this source or (None) all together, and the last row of this minute; no row where nobody does."""
    lately = (Delivery.rejection.is_not(None), Delivery.arrived_at > clock.now() - timedelta(minutes=1))
    by_all = session.scalar(select(func.count(Delivery.id)).where(*lately)) or 0
    own = session.scalar(select(func.count(Delivery.id)).where(*lately, Delivery.source == source)) or 0
    if own < REFUSED_A_MINUTE and by_all < REFUSED_BY_ALL:
        return source, None
    last = session.scalar(select(func.max(Delivery.id)).where(*lately))
    return (source if by_all < REFUSED_BY_ALL else None), last
