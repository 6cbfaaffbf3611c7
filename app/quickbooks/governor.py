"""The guard at a company's door, shared by every process: its memory is a row, its decisions are in `limits`.

Whoever lets a call leave holds the row's lock for a millisecond; nobody holds it while the call is on its way.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.foundation import chance, clock
from app.foundation.database import db, transaction
from app.foundation.settings import Settings
from app.quickbooks import counters, limits
from app.quickbooks.calls import CallForm
from app.quickbooks.errors import FencedError, NotSent, QuickBooksError, Throttled, UnknownOutcome
from app.quickbooks.lease import Lease, ensure_row
from app.quickbooks.limits import Desk, Rates
from app.quickbooks.realm import Governor as Row
from app.quickbooks.realm import Realm

_ASK_AGAIN = 0.1
"""Seconds until somebody who waits for the read slot looks again."""
_NO_LIMITS = Rates(lifted=True)
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

    def admit(self, passage: Passage) -> Admission:
        """Whether this call may leave now; if so it is counted, and the slot it needs is taken.

        Raises FencedError when its lease was taken over, ValueError for a write without one.
        """
        with transaction() as session:
            row = _locked(session, passage.realm)
            # The time is read behind the lock: waiting for it must not make a call look older than it is.
            now = clock.now()
            if (busy := _slot_wait(row, passage, now)) > 0:
                return Admission(busy, "another read of this company is under way")
            desk, wait, why = limits.decide(desk_of(row), now.timestamp(), passage.form, self.rates)
            if wait > 0:
                if desk != desk_of(row):  # put right after the clock was put back; forgotten, it would be so for ever
                    _write_desk(row, desk)
                self._hold_on(row, passage, now, wait)
                return Admission(wait, why)
            _write_desk(row, desk)
            ticket = self._take_slot(row, passage, now)
            counters.count_call(session, passage.realm, now, passage.form)
            return Admission(0.0, ticket=ticket, troubled=desk.unknown_streak > 0)

    def rest_seconds(self, realm: Realm, form: CallForm) -> float:
        """How long a call of this form would have to wait if it were asked for now; only looks, counts nothing."""
        row = db.session.get(Row, realm, populate_existing=True)
        desk = desk_of(row) if row is not None else Desk()
        _desk, wait, _why = limits.decide(desk, clock.now().timestamp(), form, self.rates)
        return wait

    def landed(self, passage: Passage, admission: Admission, trouble: QuickBooksError | None) -> None:
        """The call has ended; costs a transaction only where there is something to remember."""
        plain = passage.form is CallForm.WRITE and trouble is None and not admission.troubled
        if plain:
            return
        with transaction() as session:
            row = _locked(session, passage.realm)
            now = clock.now()
            if admission.ticket and row.reader == admission.ticket:
                row.reader = row.read_over_at = None
            _write_desk(row, self._after(limits.landed(desk_of(row), now.timestamp(), passage.form), passage, trouble))
            if trouble is not None:
                counters.count_trouble(session, passage.realm, now, throttled=isinstance(trouble, Throttled))
            elif passage.metered_for and passage.form is CallForm.READ:
                counters.count_metered_read(session, passage.metered_for, now)

    def close(self) -> None:
        """From now on nothing leaves from this process; what waits for its turn is given back."""
        self.is_closed = True

    def pause(self, realm: Realm, until: datetime, why: str) -> None:
        """Let nothing leave for this company until then."""
        with transaction() as session:
            row = _locked(session, realm)
            now = clock.now()
            seconds = (until - now).total_seconds()
            _write_desk(row, limits.paused(desk_of(row), now.timestamp(), seconds, why))

    def resume(self, realm: Realm) -> None:
        """End a pause and close the breaker: a person says that it works again."""
        with transaction() as session:
            row = _locked(session, realm)
            desk = replace(desk_of(row), paused_until=0.0, paused_why="")
            _write_desk(row, limits.known_outcome(desk))

    def _after(self, desk: Desk, passage: Passage, trouble: QuickBooksError | None) -> Desk:
        now = clock.now().timestamp()
        # A line that is down counts like silence: trying each message in turn would only burn their tries.
        if isinstance(trouble, UnknownOutcome | NotSent):
            return limits.unknown_outcome(desk, now, passage.subject, self.rates)
        desk = limits.known_outcome(desk)
        if isinstance(trouble, Throttled):
            return limits.throttled(desk, now, trouble.retry_after_seconds, self.rates)
        return desk

    def _hold_on(self, row: Row, passage: Passage, now: datetime, wait: float) -> None:
        """Who waits for the limits is alive: the lease must not lapse meanwhile, unless the wait is a long one."""
        if passage.lease is not None and row.lease_until and wait <= passage.longest_seconds:
            row.lease_until = max(row.lease_until, now + timedelta(seconds=wait) + self._margin)

    def _take_slot(self, row: Row, passage: Passage, now: datetime) -> str:
        over = now + timedelta(seconds=passage.longest_seconds)
        if passage.form is CallForm.READ:
            row.reader, row.read_over_at = chance.token_hex(8), over
            return row.reader
        row.call_over_at = over
        row.lease_until = max(row.lease_until or over, over + self._margin)
        return ""


def desk_of(row: Row) -> Desk:
    """The desk that a row holds."""
    values: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(Desk)}
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return Desk(**(values | lists))


def rest_of(row: Row, now: datetime) -> float:
    """Seconds for which Intuit's wish or its silence keeps this company from being called at all."""
    _desk, wait, _why = limits.decide(desk_of(row), now.timestamp(), CallForm.READ, _NO_LIMITS)
    return wait


def _write_desk(row: Row, desk: Desk) -> None:
    for name, value in asdict(desk).items():
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    row.version += 1


def _locked(session: Session, realm: Realm) -> Row:
    """The company's row, ours alone until the transaction ends (SQLite locks the whole file as it begins)."""
    row = session.get(Row, realm, with_for_update=True, populate_existing=True)
    if row is None:
        ensure_row(session, realm)
        row = session.get_one(Row, realm, with_for_update=True, populate_existing=True)
    return row


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
