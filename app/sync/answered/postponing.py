"""Postponing an envelope whose outcome nobody knows: the same bytes again later, a line in the log, and a reason."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.apart import apart, is_everybodys
from app.foundation.logs import logger
from app.outbox import settling
from app.quickbooks import errors
from app.sync.answered import recording
from app.sync.answered.passengers import Flight
from app.sync.company import notices
from app.sync.engine import Turn
from app.sync.judging.verdicts import MAX_TRIES, pause_before
from app.sync.records.attempts import Outcome
from app.sync.records.envelopes import Envelope, EnvelopeState
from app.sync.records.holding import hold


def postpone(turn: Turn, envelope: Flight, problem: errors.QuickBooksError, *, charge: bool) -> None:
    """All members on board together, later (DESIGN 5, rule 2); after as many charged tries as a message has, told once.

    Does nothing where a disconnect has ended the envelope meanwhile. Raises FencedError when it was taken over.
    """
    with turn.writing() as session:
        hold(turn.connection_id)
        row = session.get_one(Envelope, envelope.envelope_id, with_for_update=True)
        if row.state is not EnvelopeState.STORED:
            return
        row.due_at = clock.now() + _pause(turn, row, problem, charge=charge)
        row.unknown_outcomes += 1 if charge else 0
        settling.explain([person.message_id for person in envelope.on_board], problem.message)
        _record(session, envelope, problem)
        if charge and row.unknown_outcomes == MAX_TRIES:
            labels = [person.label for person in envelope.on_board]
            notices.tell_unanswered(turn.connection_id, labels, problem.message)


def _pause(turn: Turn, row: Envelope, problem: errors.QuickBooksError, *, charge: bool) -> timedelta:
    """As long as QuickBooks asked for; none once the company is connected again; else longer with each charged try."""
    if isinstance(problem, errors.ReconnectNeeded):
        return timedelta()
    if not charge and isinstance(problem, errors.Throttled | errors.ReadsSpent):
        return timedelta(seconds=problem.retry_after_seconds)
    tries = row.unknown_outcomes if charge else 0
    return pause_before(tries, turn.engine.rng, turn.engine.settings.retry_base_seconds)


def _record(session: Session, envelope: Flight, problem: errors.QuickBooksError) -> None:
    """One line for each member. What came back may be anything: where it can't be kept, what we make of it is."""
    told = (_OUTCOME_WORDS.get(type(problem), Outcome.UNKNOWN), problem.message)
    session.flush()
    try:
        with apart():
            recording.sent(
                envelope, [recording.Sending(person=one, told=told, problem=problem) for one in envelope.on_board]
            )
    except Exception as defect:
        if is_everybodys(defect):
            raise
        logger().error("an attempt could not be kept as it was", envelope_id=envelope.envelope_id, exc_info=True)
        recording.sent(envelope, [recording.Sending(person=one, told=told) for one in envelope.on_board])


_OUTCOME_WORDS: dict[type[Exception], Outcome] = {
    errors.Throttled: Outcome.THROTTLED,
    errors.NotSent: Outcome.LATER,
    errors.ReconnectNeeded: Outcome.LATER,
    errors.AppKeysRefused: Outcome.LATER,
    errors.ReadsSpent: Outcome.LATER,
}
