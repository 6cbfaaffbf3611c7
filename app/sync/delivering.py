"""Delivering an envelope: sent, answered, each member settled by itself. No transaction is open while on the line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.database import end_reading
from app.outbox import settling
from app.outbox.models import Subject
from app.quickbooks import answers, errors, faults
from app.quickbooks.calls import Call, CallForm
from app.quickbooks.client import Departure, Errand
from app.quickbooks.sending import Answer
from app.sync import lookup, recording
from app.sync.attempts import Outcome
from app.sync.ending import end_envelope
from app.sync.engine import Turn
from app.sync.envelopes import Envelope, EnvelopeState
from app.sync.fates import end_apart, end_of
from app.sync.kinds import KINDS
from app.sync.loading import sending_of
from app.sync.passengers import Flight, Passenger
from app.sync.verdicts import Fate, judge, must_look_first, pause_before


def deliver(turn: Turn, envelope: Flight, departure: Departure | None = None) -> bool:
    """Send an envelope and settle its members. Returns False when the company must rest (paused, not connected).

    With a `departure` it was let go, and marked as sent, when it was stored.
    """
    call = Call.from_json(envelope.call)
    end_reading()
    if must_look_first(envelope.first_sent_at, clock.now()):
        return _look_up(turn, envelope, call.form)
    errand = Errand(
        turn.connection_id,
        call,
        envelope.request_id,
        turn.lease,
        leaving=partial(_mark_sent, turn, envelope, call.form),
        tells_landing=True,
    )
    try:
        answer = turn.engine.quickbooks.tell(errand, departure)
        results = _results(call, answer, envelope.on_board)
    except errors.QuickBooksError as problem:
        return _after_trouble(turn, envelope, problem)
    try:
        ends = [(person, end_of(turn, person, results[person.bid])) for person in envelope.on_board]
    except errors.QuickBooksError as trouble:
        return _repeat_later(turn, envelope, trouble)
    end_envelope(turn, envelope, ends, answer=answer)
    return True


def _look_up(turn: Turn, envelope: Flight, form: CallForm) -> bool:
    with turn.writing() as session:
        _mark_sent(turn, envelope, form, session)
    try:
        lookup.look_up(turn, envelope)
    except errors.QuickBooksError as trouble:
        return _repeat_later(turn, envelope, trouble)
    return True


def _repeat_later(turn: Turn, envelope: Flight, trouble: errors.QuickBooksError) -> bool:
    """Nothing is known yet: the same bytes again later, whatever the trouble was. A probe is charged to nobody."""
    rests = judge(trouble, linked=False).fate in {Fate.PAUSE, Fate.RECONNECT}
    rests = rests or turn.engine.quickbooks.governor.is_silent(turn.lease.realm)
    end_reading()
    _postpone(turn, envelope, trouble, charge=not rests)
    return not rests


def _mark_sent(turn: Turn, envelope: Flight, form: CallForm, session: Session) -> None:
    """Before the first byte leaves: from here on the envelope is due again only when this sending is over."""
    sent = sending_of(turn, form, sends=envelope.sends, first_sent_at=envelope.first_sent_at)
    session.execute(
        update(Envelope).where(Envelope.id == envelope.envelope_id).values(sent),
        execution_options={"synchronize_session": False},
    )


def _results(
    call: Call, answer: Answer, on_board: list[Passenger]
) -> Mapping[str, dict[str, Any] | errors.QuickBooksError]:
    """For each bId the record, or the trouble of that member alone."""
    if call.form is CallForm.BATCH:
        members = faults.batch_members(answer.json, [person.bid for person in on_board])
        return {person.bid: _record(members[person.bid], person.subject) for person in on_board}
    (person,) = on_board
    return {person.bid: _record(answer.json, person.subject)}


def _record(payload: Any, subject: Subject) -> dict[str, Any] | errors.QuickBooksError:
    if isinstance(payload, errors.QuickBooksError):
        return payload
    return dict(answers.entity_of(payload, KINDS[subject.kind].entity))


def _after_trouble(turn: Turn, envelope: Flight, problem: errors.QuickBooksError) -> bool:
    """Trouble with the whole call. A batch refused as a whole, for the sake of one perhaps, is told one by one."""
    verdict = judge(problem, linked=False)
    if verdict.fate in {Fate.PAUSE, Fate.RECONNECT, Fate.REPEAT_ENVELOPE}:
        return _repeat_later(turn, envelope, problem)
    apart = len(envelope.on_board) > 1 and verdict.fate is not Fate.TRY_AGAIN and not verdict.blocker
    end = end_apart if apart else end_of
    try:
        ends = [(person, end(turn, person, problem)) for person in envelope.on_board]
    except errors.QuickBooksError as trouble:  # while looking: the permission is gone, and nothing is known
        return _repeat_later(turn, envelope, trouble)
    end_envelope(turn, envelope, ends)
    return True


def _postpone(turn: Turn, envelope: Flight, problem: errors.QuickBooksError, *, charge: bool) -> None:
    """The same bytes again later, all members together (DESIGN 5, rule 2)."""
    pause = pause_before(0, turn.engine.rng, turn.engine.settings.retry_base_seconds)
    if isinstance(problem, errors.Throttled | errors.ReadsSpent):
        pause = timedelta(seconds=problem.retry_after_seconds)
    told = (_OUTCOME_WORDS.get(type(problem), Outcome.UNKNOWN), problem.message)
    with turn.writing() as session:
        row = session.get_one(Envelope, envelope.envelope_id, with_for_update=True)
        if row.state is not EnvelopeState.STORED:
            return
        if charge:
            pause = pause_before(row.unknown_outcomes, turn.engine.rng, turn.engine.settings.retry_base_seconds)
            row.unknown_outcomes += 1
        row.due_at = clock.now() + (timedelta() if isinstance(problem, errors.ReconnectNeeded) else pause)
        settling.explain([person.message_id for person in envelope.on_board], problem.message)
        sendings = [recording.Sending(person=one, told=told, problem=problem) for one in envelope.on_board]
        recording.sent(envelope, sendings)


_OUTCOME_WORDS: dict[type[Exception], Outcome] = {
    errors.Throttled: Outcome.THROTTLED,
    errors.NotSent: Outcome.LATER,
    errors.ReconnectNeeded: Outcome.LATER,
    errors.AppKeysRefused: Outcome.LATER,
    errors.ReadsSpent: Outcome.LATER,
}
