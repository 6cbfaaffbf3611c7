"""What becomes of one member of an envelope: its record or its trouble in, an outcome out; at most one look between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from app.foundation import clock
from app.foundation.database import end_reading
from app.quickbooks import errors
from app.quickbooks.sayings import Mends
from app.sync.answered import enquiries
from app.sync.answered.passengers import Flight, Passenger
from app.sync.company import news as company_news
from app.sync.engine import Turn
from app.sync.judging.decisions import Write
from app.sync.judging.kinds import DOCUMENTS
from app.sync.judging.outcomes import Again, End, Landed, MemberOutcome, Parked
from app.sync.judging.verdicts import MAX_TRIES, Fate, judge, mends_of, pause_before
from app.sync.records.attempts import Outcome
from app.sync.telling import clashes, lookup, references

Result = dict[str, Any] | errors.QuickBooksError
"""What the answer holds of one member: its record, or its trouble."""
_LOOKED_INTO = (Fate.LOOK_UP_NUMBER, Fate.LOOK_UP_NAME)
_REMOVALS = (Write.VOID, Write.DELETE)
_BUSINESS_RULE = "6000"
"""What Intuit says of a removal that payments forbid; its text is not recorded (reference 2.6)."""


def ends_of(turn: Turn, envelope: Flight, results: Mapping[str, Result]) -> list[tuple[Passenger, End]]:
    """What becomes of each member of an answered envelope; {bId: its record or its trouble} in.

    One without a known outcome is looked for: a new request id could make it twice. Raises the trouble met while
    looking, for only the whole envelope can be repeated then.
    """
    lost = [person for person in envelope.on_board if _is_unknown(results[person.bid])]
    there = lookup.look(turn, envelope, lost) if lost else {}
    return [(person, _end_among(turn, person, results[person.bid], there)) for person in envelope.on_board]


def ends_of_refused(
    turn: Turn, envelope: Flight, problem: errors.QuickBooksError, *, apart: bool
) -> list[tuple[Passenger, End]]:
    """What becomes of each member of an envelope that was refused as a whole; `apart`: perhaps for the sake of one.

    What an earlier sending of it has made is taken over; where a name or number is taken, that is looked into anyway,
    and may be by an older envelope. Raises as `ends_of`.
    """
    there = {} if judge(problem, linked=False).fate in _LOOKED_INTO else lookup.taken_before(turn, envelope)
    end = _end_apart if apart else end_of
    return [
        (person, End(there[person.bid], problem) if person.bid in there else end(turn, person, problem))
        for person in envelope.on_board
    ]


def _is_unknown(result: Result) -> bool:
    return isinstance(result, errors.QuickBooksError) and judge(result, linked=False).fate is Fate.REPEAT_ENVELOPE


def _end_among(turn: Turn, person: Passenger, result: Result, there: Mapping[str, MemberOutcome]) -> End:
    if person.bid in there and isinstance(result, errors.QuickBooksError):
        return End(there[person.bid], result)
    return end_of(turn, person, result)


def end_of(turn: Turn, person: Passenger, result: Result) -> End:
    """What becomes of one member whose outcome is known; may read once, so it runs outside any transaction.

    Raises ReconnectNeeded where the permission turns out to be gone: only the whole envelope can be repeated then.
    """
    if not isinstance(result, errors.QuickBooksError):
        return End(Landed(result))
    verdict = judge(result, linked=person.remote_id is not None)
    try:
        return End(_BY_FATE.get(verdict.fate, _parked)(turn, person, result), result)
    except errors.QuickBooksError as trouble:
        if isinstance(trouble, errors.ReconnectNeeded):
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
    """Not before it may be asked: written again each minute, it would only be refused again."""
    asked = problem.retry_after_seconds if isinstance(problem, errors.Throttled | errors.ReadsSpent) else 0.0
    pause = timedelta(seconds=max(asked, 60.0))
    return Again(clock.now() + pause, problem.message, charge=False, outcome=Outcome.LATER)


def _gone(_turn: Turn, _person: Passenger, _problem: errors.QuickBooksError) -> MemberOutcome:
    return lookup.GONE


def _parked(turn: Turn, person: Passenger, problem: errors.QuickBooksError) -> MemberOutcome:
    is_document = person.subject.kind in DOCUMENTS
    if is_document and person.step in _REMOVALS and problem.code == _BUSINESS_RULE and person.remote_id is not None:
        return enquiries.about_removal(turn, person.subject, person.remote_id, problem)
    taxed = mends_of(problem) is Mends.TAX and is_document
    return Parked(problem.message, enquiries.tax_blocker(turn, person.subject) if taxed else "")


def _end_apart(_turn: Turn, _person: Passenger, problem: errors.QuickBooksError) -> End:
    """Of one that was refused together with others. The charged try makes it go alone (see `packing.chosen`)."""
    return End(Again(clock.now(), problem.message, charge=True, outcome=Outcome.LATER), problem)


_BY_FATE: dict[Fate, Callable[[Turn, Passenger, errors.QuickBooksError], MemberOutcome]] = {
    Fate.TRY_AGAIN: _try_again,
    Fate.READ_AGAIN: _read_again,
    Fate.LOOK_UP_NUMBER: _number,
    Fate.LOOK_UP_NAME: _name,
    Fate.LOOK_UP_REFERENCE: _reference,
    Fate.LOOK_AT_COMPANY: _company,
    Fate.GONE: _gone,
    Fate.PAUSE: _later,
    Fate.RECONNECT: _later,
}
