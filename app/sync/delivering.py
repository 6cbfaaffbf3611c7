"""Delivering an envelope: sent, answered, each member settled by itself. No transaction is open while on the line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.foundation import clock
from app.foundation.database import db, end_reading
from app.outbox.models import Message, Subject
from app.quickbooks import answers, errors, faults
from app.quickbooks.calls import Call, CallForm
from app.quickbooks.sending import Answer
from app.sync import enquiries, lookup, recording
from app.sync.attempts import Outcome
from app.sync.ending import end_member
from app.sync.engine import Turn
from app.sync.envelopes import Envelope, EnvelopeState
from app.sync.kinds import KINDS
from app.sync.links import link_of
from app.sync.outcomes import Again, Gone, Landed, MemberOutcome, Parked
from app.sync.verdicts import MAX_TRIES, Fate, judge, must_look_first, pause_before


@dataclass(frozen=True)
class Passenger:
    """A member as it is needed while no transaction is open."""

    bid: str
    message_id: int
    subject: Subject
    tries: int
    remote_id: str | None


@dataclass(frozen=True)
class End:
    """What becomes of one member, and the trouble that led to it."""

    outcome: MemberOutcome
    problem: errors.QuickBooksError | None = None


def deliver(turn: Turn, envelope_id: int) -> bool:
    """Send an envelope and settle its members. Returns False when the company must rest (paused, not connected)."""
    envelope = db.session.get_one(Envelope, envelope_id)
    call, request_id = Call.from_json(envelope.call), envelope.request_id
    passengers = [_passenger(turn, member.bid, member.message_id) for member in envelope.members]
    looks_first = must_look_first(envelope.first_sent_at, clock.now())
    end_reading()
    _mark_sent(turn, envelope_id, call)
    try:
        if looks_first:
            lookup.look_up(turn, envelope_id)
            return True
        answer = turn.engine.quickbooks.ask(turn.connection_id, call, request_id, lease=turn.lease)
        results = _results(call, answer, passengers)
    except errors.QuickBooksError as problem:
        return _after_trouble(turn, envelope_id, passengers, problem)
    ends = {person.bid: _end(turn, person, results[person.bid]) for person in passengers}
    _settle(turn, envelope_id, ends, answer)
    return True


def _passenger(turn: Turn, bid: str, message_id: int) -> Passenger:
    message = db.session.get_one(Message, message_id)
    link = link_of(turn.connection_id, message.subject)
    remote_id = link.remote_id if link else None
    return Passenger(bid, message_id, message.subject, message.tries, remote_id)


def _mark_sent(turn: Turn, envelope_id: int, call: Call) -> None:
    """Before the first byte leaves: from here on the envelope is due again only when this sending is over.

    And later each time: one that always kills its worker, or meets a defect of ours, must not stop the lane.
    """
    settings = turn.engine.settings
    longest = settings.batch_call_seconds if call.form is CallForm.BATCH else settings.single_call_seconds
    with turn.writing() as session:
        envelope = session.get_one(Envelope, envelope_id)
        envelope.due_at = clock.now() + timedelta(seconds=longest * (1 + envelope.sends // 3))
        envelope.first_sent_at = envelope.first_sent_at or clock.now()
        envelope.sends += 1


def _results(
    call: Call, answer: Answer, passengers: list[Passenger]
) -> Mapping[str, dict[str, Any] | errors.QuickBooksError]:
    """For each bId the record, or the trouble of that member alone."""
    if call.form is CallForm.BATCH:
        members = faults.batch_members(answer.json, [person.bid for person in passengers])
        return {person.bid: _record(members[person.bid], person.subject) for person in passengers}
    (person,) = passengers
    return {person.bid: _record(answer.json, person.subject)}


def _record(payload: Any, subject: Subject) -> dict[str, Any] | errors.QuickBooksError:
    if isinstance(payload, errors.QuickBooksError):
        return payload
    return dict(answers.entity_of(payload, KINDS[subject.kind].entity))


def _after_trouble(turn: Turn, envelope_id: int, passengers: list[Passenger], problem: errors.QuickBooksError) -> bool:
    """Trouble with the whole call. A batch refused as a whole refuses each of its members."""
    fate = judge(problem, linked=False).fate
    if fate in {Fate.PAUSE, Fate.RECONNECT}:
        _postpone(turn, envelope_id, problem, charge=False)
        return False
    if fate is Fate.REPEAT_ENVELOPE:
        _postpone(turn, envelope_id, problem, charge=True)
        return True
    _settle(turn, envelope_id, {person.bid: _end(turn, person, problem) for person in passengers}, None)
    return True


def _postpone(turn: Turn, envelope_id: int, problem: errors.QuickBooksError, *, charge: bool) -> None:
    """The same bytes again later, all members together (DESIGN 5, rule 2)."""
    pause = pause_before(0, turn.engine.rng, turn.engine.settings.retry_base_seconds)
    if isinstance(problem, errors.Throttled):
        pause = timedelta(seconds=problem.retry_after_seconds)
    told = (_OUTCOME_WORDS.get(type(problem), Outcome.UNKNOWN), problem.message)
    with turn.writing() as session:
        envelope = session.get_one(Envelope, envelope_id)
        if charge:
            pause = pause_before(envelope.unknown_outcomes, turn.engine.rng, turn.engine.settings.retry_base_seconds)
            envelope.unknown_outcomes += 1
        envelope.due_at = clock.now() + (timedelta() if isinstance(problem, errors.ReconnectNeeded) else pause)
        for member in envelope.members:
            session.get_one(Message, member.message_id).reason = problem.message
            recording.failed(envelope, member, problem, told)


def _end(turn: Turn, person: Passenger, result: dict[str, Any] | errors.QuickBooksError) -> End:
    """What becomes of one member; may read once, so it runs outside any transaction."""
    if not isinstance(result, errors.QuickBooksError):
        return End(Landed(result))
    verdict = judge(result, linked=person.remote_id is not None)
    try:
        return End(_BY_FATE.get(verdict.fate, _parked)(turn, person, result), result)
    except (errors.TryLater, errors.UnknownOutcome, errors.Throttled, errors.NotSent) as trouble:
        later = clock.now() + timedelta(seconds=60)
        return End(Again(later, trouble.message, charge=False, outcome=Outcome.LATER), result)
    finally:
        end_reading()


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
    if not isinstance(problem, errors.NumberTaken):
        return Parked(problem.message)
    return enquiries.about_number(turn, person.subject, problem)


def _name(turn: Turn, person: Passenger, _problem: errors.QuickBooksError) -> MemberOutcome:
    return enquiries.about_name(turn, person.subject)


def _gone(_turn: Turn, _person: Passenger, _problem: errors.QuickBooksError) -> MemberOutcome:
    return Gone("It was removed in QuickBooks. It is never made again by itself.")


def _parked(_turn: Turn, person: Passenger, problem: errors.QuickBooksError) -> MemberOutcome:
    return Parked(problem.message, judge(problem, linked=person.remote_id is not None).blocker)


def _settle(turn: Turn, envelope_id: int, ends: Mapping[str, End], answer: Answer | None) -> None:
    """Links, attempts, messages and the envelope: together, checked against the fence."""
    with turn.writing() as session:
        envelope = session.get_one(Envelope, envelope_id)
        for member in envelope.members:
            end = ends[member.bid]
            told = end_member(turn, member, end.outcome)
            if answer is not None and isinstance(end.outcome, Landed):
                recording.answered(envelope, member, (answer, end.outcome.seen), told)
            else:
                recording.failed(envelope, member, end.problem or errors.QuickBooksError(), told)
        envelope.state, envelope.answered_at = EnvelopeState.ANSWERED, clock.now()


_BY_FATE: dict[Fate, Callable[[Turn, Passenger, errors.QuickBooksError], MemberOutcome]] = {
    Fate.TRY_AGAIN: _try_again,
    Fate.REPEAT_ENVELOPE: _try_again,
    Fate.READ_AGAIN: _read_again,
    Fate.LOOK_UP_NUMBER: _number,
    Fate.LOOK_UP_NAME: _name,
    Fate.GONE: _gone,
}
_OUTCOME_WORDS: dict[type[Exception], Outcome] = {
    errors.Throttled: Outcome.THROTTLED,
    errors.NotSent: Outcome.LATER,
    errors.ReconnectNeeded: Outcome.LATER,
}
