"""The guard at a company's door, shared by every process: its memory is a row, its decisions are in `limits`.

Whoever lets a call leave holds the row's lock for a millisecond; nobody holds it while the call is on its way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.foundation import chance, clock
from app.foundation.database import db, transaction
from app.foundation.settings import Settings
from app.quickbooks import counters, limits
from app.quickbooks.calls import CallForm
from app.quickbooks.errors import FencedError, NotSent, QuickBooksError, Throttled, UnknownOutcome
from app.quickbooks.guard import columns_of, desk_of, locked, look, write
from app.quickbooks.lease import Landing, Lease
from app.quickbooks.limits import Desk, Rates
from app.quickbooks.realm import Governor as Row
from app.quickbooks.realm import Realm

_ASK_AGAIN = 0.1
"""Seconds until somebody who waits for the read slot looks again."""
_LONGEST_READ = timedelta(minutes=10)
"""No read is under way so long; one that seems to be was noted by a clock that has since been put back."""


@dataclass(frozen=True)
class Passage:
    """A call that wants to leave: what it is, how long it may take, and under which lease it writes.

    `subject` tells apart what the breaker counts; `metered_for` is the client id for which a read is metered, if any.
    """

    realm: Realm
    form: CallForm
    longest_seconds: float
    lease: Lease | None = None
    subject: str = ""
    metered_for: str = ""


@dataclass(frozen=True)
class Admission:
    """Go when `wait_seconds` is 0; otherwise ask again then. `ticket` names the read slot that was taken."""

    wait_seconds: float
    why: str = ""
    ticket: str = ""
    troubled: bool = False
    """The last calls had no known outcome, so that even a plain success must be told."""
    batches: tuple[float, ...] = ()
    """The latest moments at which the batches of the last minute can have arrived, this one's last."""

    @property
    def go(self) -> bool:
        """Whether the call may leave now."""
        return self.wait_seconds <= 0


class Governor:
    """Lets calls leave, one write and one read at a time, within the limits."""

    def __init__(self, settings: Settings) -> None:
        self.rates = Rates.of(settings)
        self.is_closed = False
        """The process is to end: nothing more may leave, whatever has begun."""
        self._margin = timedelta(seconds=settings.lease_margin_seconds)

    def admit(self, passage: Passage, leaving: Callable[[Session], None] | None = None) -> Admission:
        """Whether this call may leave now; if so it is counted, the slot it needs is taken, and `leaving` is run.

        Raises FencedError when its lease was taken over, ValueError for a write without one.
        """
        with transaction() as session:
            admission = self.admit_within(session, passage)
            if admission.go and leaving is not None:
                leaving(session)
            return admission

    def admit_within(self, session: Session, passage: Passage) -> Admission:
        """As `admit`, in the caller's transaction: what it writes beside is known before the first byte leaves."""
        row = locked(session, passage.realm)
        # The time is read behind the lock: waiting for it must not make a call look older than it is.
        now = clock.now()
        if (busy := _slot_wait(row, passage, now)) > 0:
            return Admission(busy, "another read of this company is under way")
        before = desk_of(row)
        desk, wait, why = limits.decide(before, now.timestamp(), passage.form, self.rates)
        if wait > 0:
            # A desk was put right where the clock was put back; forgotten, it would be so for ever.
            put_right = columns_of(row, desk) if desk != before else {}
            write(session, row, put_right | self._held_on(row, passage, now, wait))
            return Admission(wait, why)
        slot = self._slot(row, passage, now)
        write(session, row, columns_of(row, desk) | slot)
        counters.count_call(session, passage.realm, now, passage.form)
        ticket = str(slot.get("reader", ""))
        return Admission(0.0, ticket=ticket, troubled=desk.unknown_streak > 0, batches=desk.batches)

    def rests(self, realm: Realm, *forms: CallForm) -> list[float]:
        """How many seconds a call of each form would have to wait if asked for now; only looks, counts nothing."""
        row = look(db.session(), realm)
        desk = desk_of(row) if row is not None else Desk()
        now = clock.now().timestamp()
        return [limits.decide(desk, now, form, self.rates)[1] for form in forms]

    def landing(self, passage: Passage, admission: Admission) -> Landing | None:
        """What a plain success leaves to be told about a batch, for a sender who writes under the same lease anyway.

        None where there is nothing to tell, or more than that: then `landed` has to hear of it. If the sender dies
        instead, the batch counts from the latest moment at which it could have arrived.
        """
        if passage.form is not CallForm.BATCH or admission.troubled:
            return None
        *before, latest = admission.batches
        return Landing((*before, min(latest, clock.now().timestamp())))

    def landed(self, passage: Passage, admission: Admission, trouble: QuickBooksError | None) -> None:
        """The call has ended; costs a transaction only where there is something to remember."""
        plain = passage.form is CallForm.WRITE and trouble is None and not admission.troubled
        if plain:
            return
        with transaction() as session:
            row = locked(session, passage.realm)
            now = clock.now()
            is_mine = bool(admission.ticket) and row.reader == admission.ticket
            free = {"reader": None, "read_over_at": None} if is_mine else {}
            desk = self._after(limits.landed(desk_of(row), now.timestamp(), passage.form), passage, trouble)
            write(session, row, columns_of(row, desk) | free)
            if trouble is not None:
                counters.count_trouble(session, passage.realm, now, throttled=isinstance(trouble, Throttled))
            elif passage.metered_for and passage.form is CallForm.READ:
                counters.count_metered_read(session, passage.metered_for, now)

    def unheard(self, passage: Passage) -> None:
        """A call did not even leave, for the sign-in service is silent."""
        with transaction() as session:
            row, now = locked(session, passage.realm), clock.now().timestamp()
            desk = limits.unknown_outcome(desk_of(row), now, passage.subject, self.rates)
            write(session, row, columns_of(row, desk))

    def is_silent(self, realm: Realm) -> bool:
        """Whether the breaker is open: who tries now is a probe, and no try is charged for it."""
        row = look(db.session(), realm)
        return row is not None and row.breaker_step > 0

    def close(self) -> None:
        """From now on nothing leaves from this process; what waits for its turn is given back."""
        self.is_closed = True

    def pause(self, realm: Realm, until: datetime, why: str) -> None:
        """Let nothing leave for this company until then."""
        with transaction() as session:
            row = locked(session, realm)
            now = clock.now()
            seconds = (until - now).total_seconds()
            write(session, row, columns_of(row, limits.paused(desk_of(row), now.timestamp(), seconds, why)))

    def resume(self, realm: Realm) -> None:
        """End a pause and close the breaker: a person says that it works again."""
        with transaction() as session:
            row = locked(session, realm)
            desk = replace(desk_of(row), paused_until=0.0, paused_why="")
            write(session, row, columns_of(row, limits.known_outcome(desk)))

    def _after(self, desk: Desk, passage: Passage, trouble: QuickBooksError | None) -> Desk:
        now = clock.now().timestamp()
        # A line that is down counts like silence: trying each message in turn would only burn their tries.
        if isinstance(trouble, UnknownOutcome | NotSent):
            return limits.unknown_outcome(desk, now, passage.subject, self.rates)
        desk = limits.known_outcome(desk)
        if isinstance(trouble, Throttled):
            return limits.throttled(desk, now, trouble.retry_after_seconds, self.rates)
        return desk

    def _held_on(self, row: Row, passage: Passage, now: datetime, wait: float) -> dict[str, Any]:
        """Who waits for the limits is alive: the lease must not lapse meanwhile, unless the wait is a long one."""
        if passage.lease is None or not row.lease_until or wait > passage.longest_seconds:
            return {}
        return {"lease_until": max(row.lease_until, now + timedelta(seconds=wait) + self._margin)}

    def _slot(self, row: Row, passage: Passage, now: datetime) -> dict[str, Any]:
        """What the row says of the slot that this call takes."""
        over = now + timedelta(seconds=passage.longest_seconds)
        if passage.form is CallForm.READ:
            return {"reader": chance.token_hex(8), "read_over_at": over}
        return {"call_over_at": over, "lease_until": max(row.lease_until or over, over + self._margin)}


def _slot_wait(row: Row, passage: Passage, now: datetime) -> float:
    """Seconds until the slot may be free; a writer's slot is its lease, which it must still hold."""
    if passage.form is not CallForm.READ:
        _require_lease(row, passage.lease)
        return 0.0
    if row.reader is None or row.read_over_at is None or row.read_over_at > now + _LONGEST_READ:
        return 0.0
    return min((row.read_over_at - now).total_seconds(), _ASK_AGAIN)


def _require_lease(row: Row, lease: Lease | None) -> None:
    if lease is None:
        raise ValueError("a write leaves only under the lease of its company")
    if (row.owner, row.fence) != (lease.owner, lease.fence):
        raise FencedError
