"""Writing down what became of a member of an envelope: its message leaves "sending" here, whatever the outcome."""

from __future__ import annotations

from app.foundation.database import db
from app.outbox import settling, tray
from app.outbox.models import Message, Priority
from app.sync import landing, notices
from app.sync.attempts import Outcome
from app.sync.engine import Turn
from app.sync.envelopes import Member
from app.sync.kinds import KINDS
from app.sync.links import LinkState, link_of, links_to
from app.sync.outcomes import Adopted, Again, Gone, Known, Landed, MemberOutcome, Parked


def end_member(turn: Turn, member: Member, outcome: MemberOutcome) -> tuple[Outcome, str]:
    """Inside the caller's transaction; returns the word and the sentence for the log."""
    message = db.session.get_one(Message, member.message_id)
    outcome = _unless_linked(turn.connection_id, message, outcome)
    if isinstance(outcome, Again | Parked | Gone):
        return _end_trouble(turn, message, outcome)
    word, sentence = _take_in(turn, message, member, outcome)
    settling.settle(message.id)
    if isinstance(outcome, Adopted) and not outcome.is_current:
        tray.post(message.subject, message.lane, priority=Priority(message.priority), asked=True)
    return word, sentence


def _unless_linked(connection_id: int, message: Message, outcome: MemberOutcome) -> MemberOutcome:
    """One record there has one of ours: a second link would be refused by the database, again with every repetition."""
    if message.kind == "service" or isinstance(outcome, Again | Parked | Gone):
        return outcome
    entity = KINDS[message.kind].entity
    remote_id = outcome.remote.remote_id if isinstance(outcome, Known) else str(outcome.seen.get("Id", ""))
    other = links_to(connection_id, entity, [remote_id]).get(remote_id)
    if other is None or other.subject == message.subject:
        return outcome
    word = KINDS[other.kind].word.lower()
    return Parked(
        f"{entity} {remote_id} in QuickBooks is linked to another {word} of ours already; unlink one of them."
    )


def _take_in(turn: Turn, message: Message, member: Member, outcome: Landed | Adopted | Known) -> tuple[Outcome, str]:
    connection_id, subject = turn.connection_id, message.subject
    if isinstance(outcome, Landed):
        return Outcome.SENT, landing.land(connection_id, subject, member, outcome.seen)
    if isinstance(outcome, Adopted):
        told = member.revision if outcome.is_current else None
        return Outcome.ADOPTED, landing.adopt(connection_id, subject, outcome.seen, told)
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
