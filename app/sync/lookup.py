"""Looking before repeating: an envelope so old that Intuit may have forgotten its request id.

Every member is looked up first. What is there is taken over; what is not goes back to waiting and gets a new envelope.
"""

from __future__ import annotations

from app.foundation import clock
from app.foundation.database import db, end_reading
from app.outbox.models import Message
from app.quickbooks import errors
from app.sync import enquiries, recording, survey
from app.sync.attempts import Outcome
from app.sync.decisions import Write
from app.sync.ending import end_member
from app.sync.engine import Turn
from app.sync.envelopes import Envelope, EnvelopeState
from app.sync.kinds import DOCUMENTS
from app.sync.links import link_of
from app.sync.outcomes import Adopted, Again, MemberOutcome, Parked

_NOT_THERE = "The answer was lost and QuickBooks does not have it, so it is sent anew."


def look_up(turn: Turn, envelope_id: int) -> None:
    """Settle every member of an old envelope by what QuickBooks shows. Trouble on the way leaves it for later."""
    envelope = db.session.get_one(Envelope, envelope_id)
    members = [(member.id, member.message_id, member.step) for member in envelope.members]
    outcomes = {member_id: _found(turn, message_id, step) for member_id, message_id, step in members}
    end_reading()
    with turn.writing() as session:
        envelope = session.get_one(Envelope, envelope_id)
        for member in envelope.members:
            told = end_member(turn, member, outcomes[member.id])
            recording.failed(envelope, member, errors.UnknownOutcome(), told)
        envelope.state, envelope.answered_at = EnvelopeState.LOOKED_UP, clock.now()


def _found(turn: Turn, message_id: int, step: str) -> MemberOutcome:
    message = db.session.get_one(Message, message_id)
    link = link_of(turn.connection_id, message.subject)
    if step != Write.CREATE and link is not None:
        seen = enquiries.current(turn, message.subject, link.remote_id)
        return Again(clock.now(), _NOT_THERE, charge=False, outcome=Outcome.LATER, seen=seen)
    if message.subject.kind in DOCUMENTS:
        return _document(turn, message)
    found = enquiries.about_name(turn, message.subject)
    return Again(clock.now(), _NOT_THERE, charge=False, outcome=Outcome.LATER) if isinstance(found, Parked) else found


def _document(turn: Turn, message: Message) -> MemberOutcome:
    subject = message.subject
    facts = survey.documents(turn.connection_id, subject.kind, {subject.id: message.asked})[subject.id]
    for row in enquiries.find_documents(turn, subject.kind, [facts.number]).get(facts.number, []):
        if enquiries.is_ours(facts, row):
            return Adopted(dict(row))
    return Again(clock.now(), _NOT_THERE, charge=False, outcome=Outcome.LATER)
