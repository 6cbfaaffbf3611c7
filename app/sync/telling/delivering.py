"""Delivering an envelope: sent, answered, each member settled by itself. No transaction is open while on the line."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.apart import is_everybodys
from app.foundation.database import end_reading
from app.foundation.logs import logger
from app.quickbooks import answers, errors, faults, marker
from app.quickbooks.calls import Call, CallForm
from app.quickbooks.client import Departure, Errand
from app.quickbooks.reading import text
from app.quickbooks.sending import Answer
from app.sync.answered.ending import end_envelope
from app.sync.answered.passengers import Flight, Passenger
from app.sync.answered.postponing import postpone
from app.sync.engine import Turn
from app.sync.judging.decisions import Write
from app.sync.judging.kinds import KINDS
from app.sync.judging.verdicts import Fate, judge, must_look_first
from app.sync.records.envelopes import Envelope
from app.sync.telling import lookup
from app.sync.telling.fates import Result, ends_of, ends_of_refused
from app.sync.telling.loading import sending_of

_ANOTHERS = "QuickBooks answered with another document than the one it was told; what became of this one is looked up."
_DEFECT = "It met a fault in Counterfoil, see its log. It is tried again by itself, and nothing is made twice."


def deliver(turn: Turn, envelope: Flight, departure: Departure | None = None) -> bool:
    """Send an envelope and settle its members. Returns False when the company must rest (paused, not connected).

    With a `departure` it was let go, and marked as sent, when it was stored. Whatever it meets, it says so: an envelope
    that stumbles without a trace would be tried again for ever, and nobody would hear of it.
    """
    try:
        return _deliver(turn, envelope, departure)
    except errors.FencedError:
        raise
    except errors.QuickBooksError as trouble:
        return _repeat_later(turn, envelope, trouble)
    except Exception as defect:
        if is_everybodys(defect):
            raise
        logger().error("an envelope could not be delivered", envelope_id=envelope.envelope_id, exc_info=True)
        end_reading()  # on PostgreSQL nothing more could be read behind what failed
        return _repeat_later(turn, envelope, errors.UnknownOutcome(_DEFECT))


def _deliver(turn: Turn, envelope: Flight, departure: Departure | None) -> bool:
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
        ends = ends_of(turn, envelope, results)
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
    postpone(turn, envelope, trouble, charge=not rests)
    return not rests


def _mark_sent(turn: Turn, envelope: Flight, form: CallForm, session: Session) -> None:
    """Before the first byte leaves: from here on the envelope is due again only when this sending is over."""
    sent = sending_of(turn, form, sends=envelope.sends, first_sent_at=envelope.first_sent_at)
    session.execute(
        update(Envelope).where(Envelope.id == envelope.envelope_id).values(sent),
        execution_options={"synchronize_session": False},
    )


def _results(call: Call, answer: Answer, on_board: list[Passenger]) -> Mapping[str, Result]:
    """For each bId the record, or the trouble of that member alone."""
    if call.form is CallForm.BATCH:
        members = faults.batch_members(answer.json, [person.bid for person in on_board])
        return {person.bid: _of_batch(members[person.bid], person) for person in on_board}
    (person,) = on_board
    return {person.bid: _record(answer.json, person)}


def _of_batch(payload: Any, person: Passenger) -> Result:
    """One that can't be read is looked for by itself: repeated whole, the same answer would come to all of them."""
    try:
        return _record(payload, person)
    except errors.UnknownOutcome as unreadable:
        return unreadable


def _record(payload: Any, person: Passenger) -> Result:
    if isinstance(payload, errors.QuickBooksError):
        return payload
    record = dict(answers.entity_of(payload, KINDS[person.subject.kind].entity))
    return errors.UnknownOutcome(_ANOTHERS) if person.step == Write.CREATE and _is_anothers(record, person) else record


def _is_anothers(record: dict[str, Any], person: Passenger) -> bool:
    """Whether it carries the marker of another document of ours: linked to it, two would be crossed for good."""
    named = marker.find(text(record, "PrivateNote"))
    return named is not None and (named.kind, named.record_id) != tuple(person.subject)


def _after_trouble(turn: Turn, envelope: Flight, problem: errors.QuickBooksError) -> bool:
    """Trouble with the whole call. A batch refused as a whole, for the sake of one perhaps, is told one by one."""
    verdict = judge(problem, linked=False)
    if verdict.fate in {Fate.PAUSE, Fate.RECONNECT, Fate.REPEAT_ENVELOPE}:
        return _repeat_later(turn, envelope, problem)
    apart = len(envelope.on_board) > 1 and verdict.fate is not Fate.TRY_AGAIN and not verdict.blocker
    try:
        ends = ends_of_refused(turn, envelope, problem, apart=apart)
    except errors.QuickBooksError as trouble:  # while looking: the permission is gone, and nothing is known
        return _repeat_later(turn, envelope, trouble)
    end_envelope(turn, envelope, ends)
    return True
