"""Looking before repeating: what became of a write whose answer nobody knows and that can't simply be sent again.

Either its envelope is so old that Intuit may have forgotten the request id, or a batch was answered but for this
member. What is there is taken over; what is not goes back to waiting and gets a new envelope.
"""

from __future__ import annotations

from dataclasses import replace

from app.foundation import clock
from app.foundation.database import db, end_reading
from app.outbox.models import Message
from app.quickbooks import answers, errors
from app.sync import enquiries, payment_looking, survey
from app.sync.attempts import Outcome
from app.sync.decisions import Write
from app.sync.ending import end_envelope
from app.sync.engine import Turn
from app.sync.envelopes import EnvelopeState
from app.sync.kinds import DOCUMENTS
from app.sync.links import link_of
from app.sync.outcomes import Adopted, Again, End, Gone, Landed, MemberOutcome, Parked
from app.sync.passengers import Flight
from app.sync.verdicts import MAX_TRIES

_NOT_THERE = "The answer was lost and QuickBooks does not have it, so it is sent anew."
_TOO_OFTEN = f"It was sent {MAX_TRIES} times, and QuickBooks neither has it nor says why."
GONE = Gone("It was removed in QuickBooks. It is never made again by itself.")


def look_up(turn: Turn, envelope: Flight) -> None:
    """Settle every member of an old envelope by what QuickBooks shows.

    Raises the QuickBooksError that ended the looking; the envelope then stays as it is.
    """
    lost = errors.UnknownOutcome()
    ends = [(person, End(found(turn, person.message_id, person.step), lost)) for person in envelope.on_board]
    end_reading()
    end_envelope(turn, envelope, ends, state=EnvelopeState.LOOKED_UP)


def found(turn: Turn, message_id: int, step: str) -> MemberOutcome:
    """What became of one member, by one look: `step` is what was to be done to the record."""
    message = db.session.get_one(Message, message_id)
    link = link_of(turn.connection_id, message.subject)
    if step != Write.CREATE and link is not None:
        return _changed(turn, message, link.remote_id, step)
    if message.subject.kind in DOCUMENTS:
        return _document(turn, message)
    if message.subject.kind == "payment":
        return _payment(turn, message)
    return enquiries.known_by_name(turn, message.subject) or _anew(message)


def _changed(turn: Turn, message: Message, remote_id: str, step: str) -> MemberOutcome:
    try:
        seen = enquiries.current(turn, message.subject, remote_id)
    except errors.NotFound:
        return Landed({}) if step == Write.DELETE else GONE
    if step == Write.VOID and answers.document(seen).voided:
        return Landed(seen)
    outcome = _anew(message)
    return replace(outcome, seen=seen) if isinstance(outcome, Again) else outcome


def _document(turn: Turn, message: Message) -> MemberOutcome:
    subject = message.subject
    facts = survey.documents(turn.connection_id, subject.kind, {subject.id: message.asked})[subject.id]
    quickbooks, sought = turn.engine.quickbooks, {facts.number, facts.number_there}
    found = enquiries.find_documents(quickbooks, turn.connection_id, subject.kind, sought)
    ours = (row for rows in found.values() for row in rows if enquiries.is_ours(facts, row))
    return next((Adopted(dict(row)) for row in ours), None) or _anew(message)


def _payment(turn: Turn, message: Message) -> MemberOutcome:
    seen = payment_looking.marked(turn, message.subject.id)
    return Adopted(dict(seen)) if seen is not None else _anew(message)


def _anew(message: Message) -> Again | Parked:
    """A write that Intuit never carries out would otherwise go round for ever, and nobody would hear of it."""
    if message.tries + 1 >= MAX_TRIES:
        return Parked(_TOO_OFTEN)
    return Again(clock.now(), _NOT_THERE, charge=True, outcome=Outcome.LATER)
