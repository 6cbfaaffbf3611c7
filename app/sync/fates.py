"""What becomes of one member of an envelope: its record or its trouble in, an outcome out; at most one look between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.foundation import clock
from app.foundation.database import end_reading
from app.quickbooks import errors
from app.quickbooks.sayings import Mends
from app.sync import clashes, company_news, enquiries, lookup, references
from app.sync.attempts import Outcome
from app.sync.decisions import Write
from app.sync.engine import Turn
from app.sync.kinds import DOCUMENTS
from app.sync.outcomes import Again, End, Landed, MemberOutcome, Parked
from app.sync.passengers import Passenger
from app.sync.verdicts import MAX_TRIES, Fate, judge, mends_of, pause_before

_REMOVALS = (Write.VOID, Write.DELETE)
_BUSINESS_RULE = "6000"
"""What Intuit says of a removal that payments forbid; its text is not recorded (reference 2.6)."""


def end_of(turn: Turn, person: Passenger, result: dict[str, Any] | errors.QuickBooksError) -> End:
    """What becomes of one member; may read once, so it runs outside any transaction.

    Raises the trouble met while looking where the outcome is unknown: only the whole envelope can be repeated then.
    """
    if not isinstance(result, errors.QuickBooksError):
        return End(Landed(result))
    verdict = judge(result, linked=person.remote_id is not None)
    try:
        return End(_BY_FATE.get(verdict.fate, _parked)(turn, person, result), result)
    except errors.QuickBooksError as trouble:
        if verdict.fate is Fate.REPEAT_ENVELOPE or isinstance(trouble, errors.ReconnectNeeded):
            raise
        return End(_after_a_vain_look(person, trouble, result), result)
    finally:
        end_reading()


def _after_a_vain_look(
    person: Passenger, trouble: errors.QuickBooksError, problem: errors.QuickBooksError
) -> MemberOutcome:
    """The write was refused with this problem, that much is known; more could not be asked."""
    if isinstance(trouble, errors.NotFound) and person.remote_id is not None:
        return lookup.GONE
    if isinstance(trouble, errors.TryLater | errors.UnknownOutcome | errors.Throttled | errors.NotSent):
        return _soon_again(trouble)
    return Parked(problem.message)


def _what_is_there(turn: Turn, person: Passenger, _problem: errors.QuickBooksError) -> MemberOutcome:
    """One member of an answered batch has no known outcome. A new request id could make it twice, so we look."""
    return lookup.found(turn, person.message_id, person.step)


def _try_again(turn: Turn, person: Passenger, problem: errors.QuickBooksError) -> MemberOutcome:
    if person.tries + 1 >= MAX_TRIES:
        return Parked(f"It was tried {MAX_TRIES} times. {problem.message}")
    pause = pause_before(person.tries, turn.engine.rng, turn.engine.settings.retry_base_seconds)
    return Again(clock.now() + pause, problem.message, charge=True, outcome=Outcome.LATER)


def _read_again(turn: Turn, person: Passenger, problem: errors.QuickBooksError) -> MemberOutcome:
    if person.tries + 1 >= MAX_TRIES or person.remote_id is None:
        return Parked(f"It keeps being changed in QuickBooks while we write. {problem.message}")
    seen = enquiries.current(turn, person.subject, person.remote_id)
    return Again(clock.now(), problem.message, charge=True, outcome=Outcome.LATER, seen=seen)


def _number(turn: Turn, person: Passenger, problem: errors.QuickBooksError) -> MemberOutcome:
    if not isinstance(problem, errors.NumberTaken) or person.subject.kind not in DOCUMENTS or person.remote_id:
        return Parked(problem.message)
    return clashes.about_number(turn, person.subject, problem)


def _name(turn: Turn, person: Passenger, problem: errors.QuickBooksError) -> MemberOutcome:
    if person.subject.kind in DOCUMENTS:
        return Parked(problem.message)
    return enquiries.about_name(turn, person.subject)


def _reference(turn: Turn, person: Passenger, problem: errors.QuickBooksError) -> MemberOutcome:
    if person.tries + 1 >= MAX_TRIES:
        return Parked(problem.message)
    return references.about_reference(turn, person.subject, person.remote_id, problem)


def _company(turn: Turn, person: Passenger, problem: errors.QuickBooksError) -> MemberOutcome:
    return company_news.about_company(turn, person.subject, person.tries, problem)


def _later(_turn: Turn, _person: Passenger, problem: errors.QuickBooksError) -> MemberOutcome:
    """A refusal of the whole company told about one member alone: no fault of the member's."""
    return _soon_again(problem)


def _soon_again(problem: errors.QuickBooksError) -> Again:
    return Again(clock.now() + timedelta(seconds=60), problem.message, charge=False, outcome=Outcome.LATER)


def _gone(_turn: Turn, _person: Passenger, _problem: errors.QuickBooksError) -> MemberOutcome:
    return lookup.GONE


def _parked(turn: Turn, person: Passenger, problem: errors.QuickBooksError) -> MemberOutcome:
    is_document = person.subject.kind in DOCUMENTS
    if is_document and person.step in _REMOVALS and problem.code == _BUSINESS_RULE and person.remote_id is not None:
        return enquiries.about_removal(turn, person.subject, person.remote_id, problem)
    taxed = mends_of(problem) is Mends.TAX and is_document
    return Parked(problem.message, enquiries.tax_blocker(turn, person.subject) if taxed else "")


def end_apart(_turn: Turn, _person: Passenger, problem: errors.QuickBooksError) -> End:
    """Of one that was refused together with others. The charged try makes it go alone (see `packing.chosen`)."""
    return End(Again(clock.now(), problem.message, charge=True, outcome=Outcome.LATER), problem)


_BY_FATE: dict[Fate, Callable[[Turn, Passenger, errors.QuickBooksError], MemberOutcome]] = {
    Fate.TRY_AGAIN: _try_again,
    Fate.REPEAT_ENVELOPE: _what_is_there,
    Fate.READ_AGAIN: _read_again,
    Fate.LOOK_UP_NUMBER: _number,
    Fate.LOOK_UP_NAME: _name,
    Fate.LOOK_UP_REFERENCE: _reference,
    Fate.LOOK_AT_COMPANY: _company,
    Fate.GONE: _gone,
    Fate.PAUSE: _later,
    Fate.RECONNECT: _later,
}
