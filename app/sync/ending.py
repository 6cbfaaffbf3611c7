"""Writing down what became of a member of an envelope: its message leaves "sending" here, whatever the outcome."""

from __future__ import annotations

from app.foundation.database import db
from app.outbox import settling
from app.outbox.models import Message
from app.sync import landing, notices
from app.sync.attempts import Outcome
from app.sync.engine import Turn
from app.sync.envelopes import Member
from app.sync.links import LinkState, link_of
from app.sync.outcomes import Adopted, Again, Gone, Known, Landed, MemberOutcome, Parked


def end_member(turn: Turn, member: Member, outcome: MemberOutcome) -> tuple[Outcome, str]:
    """Inside the caller's transaction; returns the word and the sentence for the log."""
    message = db.session.get_one(Message, member.message_id)
    if isinstance(outcome, Again | Parked | Gone):
        return _end_trouble(turn, message, outcome)
    word, sentence = _take_in(turn, message, member, outcome)
    settling.settle(message.id)
    return word, sentence


def _take_in(turn: Turn, message: Message, member: Member, outcome: Landed | Adopted | Known) -> tuple[Outcome, str]:
    connection_id, subject = turn.connection_id, message.subject
    if isinstance(outcome, Landed):
        return Outcome.SENT, landing.land(connection_id, subject, member, outcome.seen)
    if isinstance(outcome, Adopted):
        return Outcome.ADOPTED, landing.adopt(connection_id, subject, outcome.seen, member.revision)
    return Outcome.MATCHED, landing.link_known(connection_id, subject, outcome.remote)


def _end_trouble(turn: Turn, message: Message, outcome: Again | Parked | Gone) -> tuple[Outcome, str]:
    if isinstance(outcome, Again):
        if outcome.seen is not None:
            landing.refresh(turn.connection_id, message.subject, outcome.seen)
        settling.give_back(message.id, outcome.due_at, outcome.sentence, charge=outcome.charge)
        return outcome.outcome, outcome.sentence
    blocker = f"{message.kind}:{message.subject_id}"
    if isinstance(outcome, Gone):
        _mark_removed(turn.connection_id, message)
    elif outcome.blocker:
        blocker = outcome.blocker
    settling.park(message.id, blocker, outcome.sentence)
    notices.tell_held(turn.connection_id, blocker, outcome.sentence)
    return Outcome.REFUSED, outcome.sentence


def _mark_removed(connection_id: int, message: Message) -> None:
    link = link_of(connection_id, message.subject)
    if link is not None:
        link.state = LinkState.REMOVED
