"""What becomes of a message or an envelope after a failure. Pure: an error and a few numbers in, a fate out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from app.foundation import clock
from app.quickbooks import errors
from app.quickbooks.sayings import Mends, saying

MAX_TRIES = 8
"""About a day with the pauses below; then a person is asked."""
LONGEST_PAUSE = timedelta(hours=6)
LOOK_UP_AFTER = timedelta(hours=12)
"""How long Intuit keeps a request id is not documented; after this we look before we repeat (DESIGN 5)."""


class Fate(StrEnum):
    """What happens next."""

    REPEAT_ENVELOPE = "repeat_envelope"
    """Same request id, same bytes, all members together."""
    PAUSE = "pause"
    """The same, after a pause of the whole company; no try is charged."""
    RECONNECT = "reconnect"
    """The queue holds until the company is connected again; no try is charged."""
    TRY_AGAIN = "try_again"
    """A known failure that heals: the message waits and gets a new envelope."""
    READ_AGAIN = "read_again"
    """Our picture of the record is old: read it once, then tell again."""
    LOOK_UP_NUMBER = "look_up_number"
    LOOK_UP_NAME = "look_up_name"
    LOOK_UP_REFERENCE = "look_up_reference"
    """Something that it names is not there or inactive."""
    LOOK_AT_COMPANY = "look_at_company"
    """The company's books are closed, or nothing may be added to them."""
    GONE = "gone"
    """The record was removed in QuickBooks."""
    PARK = "park"
    """A person is needed."""


@dataclass(frozen=True)
class Verdict:
    """A fate, with the blocker of what is held; empty where that is the record itself."""

    fate: Fate
    blocker: str = ""


_BY_KIND: tuple[tuple[type[Exception], Verdict], ...] = (
    (errors.UnknownOutcome, Verdict(Fate.REPEAT_ENVELOPE)),
    (errors.NotSent, Verdict(Fate.REPEAT_ENVELOPE)),
    (errors.Throttled, Verdict(Fate.PAUSE)),
    (errors.ReconnectNeeded, Verdict(Fate.RECONNECT, "connection")),
    (errors.AppKeysRefused, Verdict(Fate.PAUSE)),
    (errors.ReadsSpent, Verdict(Fate.PAUSE)),
    (errors.TryLater, Verdict(Fate.TRY_AGAIN)),
    (errors.Stale, Verdict(Fate.READ_AGAIN)),
    (errors.NumberTaken, Verdict(Fate.LOOK_UP_NUMBER)),
    (errors.NameTaken, Verdict(Fate.LOOK_UP_NAME)),
    (errors.ClosedBooks, Verdict(Fate.LOOK_AT_COMPANY, "closed_books")),
    (errors.CompanyReadOnly, Verdict(Fate.LOOK_AT_COMPANY, "company_read_only")),
)


def judge(error: Exception, *, linked: bool) -> Verdict:
    """The fate that this trouble means; `linked` says whether the record was in QuickBooks before.

    The blocker of a refusal is the record itself: only a change of it, or a person's retry, can help.
    """
    for kind, verdict in _BY_KIND:
        if isinstance(error, kind):
            return verdict
    if isinstance(error, errors.QuickBooksError) and mends_of(error) is Mends.REFERENCE:
        return Verdict(Fate.LOOK_UP_REFERENCE)
    if isinstance(error, errors.NotFound) and linked:
        return Verdict(Fate.GONE)
    return Verdict(Fate.PARK)


def mends_of(error: errors.QuickBooksError) -> Mends:
    """Where the mending of this trouble is done, by the catalogue of what Intuit says."""
    return saying(error.code, error.detail).mends


def pause_before(tries: int, rng: Random, base_seconds: float) -> timedelta:
    """How long to wait before try number `tries` + 1: U(0, base · 4ⁿ), at most six hours (full jitter)."""
    longest = min(base_seconds * 4 ** min(tries, 12), LONGEST_PAUSE.total_seconds())
    return timedelta(seconds=rng.uniform(0, longest))


def must_look_first(first_sent_at: datetime | None, now: datetime) -> bool:
    """Whether an envelope is so old that Intuit may have forgotten its request id.

    Of one that was sent by a clock that was ahead nobody knows how old it is.
    """
    return first_sent_at is not None and not now - LOOK_UP_AFTER <= first_sent_at <= clock.latest(now)
