"""Writing down what became of an envelope and its members: their messages leave "sending" here, whatever the outcome.

All of it in one transaction, checked against the fence, and by a fixed number of statements for any number of members
that QuickBooks took; only trouble is told one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, delete, update

from app.foundation import clock
from app.foundation.apart import apart, is_everybodys
from app.foundation.database import bare, rows_changed, table_of
from app.foundation.logs import logger
from app.foundation.tenancy import ours
from app.outbox import settling, tray
from app.outbox.lanes import blocker_of
from app.outbox.models import Priority
from app.quickbooks.errors import FencedError, UnknownOutcome
from app.quickbooks.sending import Answer
from app.sync.answered import landing, recording
from app.sync.answered.ground import Ground, ground
from app.sync.answered.link_book import LinkBook, Tie
from app.sync.answered.passengers import Flight, Passenger
from app.sync.answered.postponing import postpone
from app.sync.company import notices
from app.sync.engine import Turn
from app.sync.judging.kinds import KINDS, LISTED
from app.sync.judging.outcomes import Adopted, Again, End, Gone, Known, Landed, MemberOutcome, Parked
from app.sync.records.attempts import Outcome
from app.sync.records.envelopes import Envelope, EnvelopeState, Member
from app.sync.records.holding import hold
from app.sync.records.links import LinkState

_ENVELOPE = table_of(Envelope)
_CLOSE = update(_ENVELOPE).where(
    _ENVELOPE.c.id == bindparam("of_id"),
    _ENVELOPE.c.state == bindparam("before", EnvelopeState.STORED),
    ours(_ENVELOPE),
)

_STUCK = (
    "QuickBooks answered, but its answer could not be written down here: a fault in Counterfoil, see its log. It is"
    " asked again by itself, and nothing is made twice."
)
Told = tuple[Outcome, str]
"""The word and the sentence for the log."""


def end_envelope(
    turn: Turn,
    envelope: Flight,
    ends: Sequence[tuple[Passenger, End]],
    *,
    answer: Answer | None = None,
    state: EnvelopeState = EnvelopeState.ANSWERED,
) -> None:
    """Links, attempts, messages and the envelope together. Raises FencedError when another process has taken over.

    Does nothing where a disconnect has ended the envelope meanwhile. Where an end can't be written down, each is by
    itself: its member alone stays on board, and is asked about again.
    """
    try:
        with turn.writing(answer.landing if answer else None):
            hold(turn.connection_id)
            if _closed(envelope.envelope_id, state):
                _write_down(turn, envelope, ends, answer)
    except FencedError:
        raise
    except Exception as problem:
        if is_everybodys(problem):
            raise
        stuck = _end_apart(turn, envelope, ends, answer=answer, state=state)
        if stuck:
            postpone(turn, replace(envelope, on_board=stuck), UnknownOutcome(_STUCK), charge=True)


def _write_down(turn: Turn, envelope: Flight, ends: Sequence[tuple[Passenger, End]], answer: Answer | None) -> None:
    told = _end_members(turn, ends)
    recording.sent(envelope, [_sending(person, end, told[person.bid], answer) for person, end in ends])


def _end_apart(
    turn: Turn,
    envelope: Flight,
    ends: Sequence[tuple[Passenger, End]],
    *,
    answer: Answer | None,
    state: EnvelopeState,
) -> list[Passenger]:
    """One member after the other; returns those whose end can't be written down.

    What was written down leaves the envelope, for told again the old answer would come again, and older must never
    overwrite newer. The bytes stay whole.
    """
    with turn.writing(answer.landing if answer else None) as session:
        hold(turn.connection_id)
        if not _closed(envelope.envelope_id, state):
            return []
        stuck = [one[0] for one in ends if not _ended(turn, envelope, one, answer)]
        if stuck:
            again = update(_ENVELOPE).where(_ENVELOPE.c.id == envelope.envelope_id, ours(_ENVELOPE))
            session.execute(again.values(state=EnvelopeState.STORED, answered_at=None))
            of_envelope = delete(Member).where(Member.envelope_id == envelope.envelope_id)
            session.execute(of_envelope.where(Member.bid.not_in([person.bid for person in stuck])))
        return stuck


def _ended(turn: Turn, envelope: Flight, one: tuple[Passenger, End], answer: Answer | None) -> bool:
    try:
        with apart():
            _write_down(turn, envelope, [one], answer)
    except Exception as problem:
        if is_everybodys(problem):
            raise
        logger().error("an answer could not be written down", message_id=one[0].message_id, exc_info=True)
        return False
    return True


def _closed(envelope_id: int, state: EnvelopeState) -> bool:
    """Whether this envelope was still waiting for its answer, which is now known."""
    closed = {"of_id": envelope_id, "state": state, "answered_at": clock.now()}
    return rows_changed(bare(_CLOSE, closed)) == 1


def _sending(person: Passenger, end: End, told: Told, answer: Answer | None) -> recording.Sending:
    if answer is not None and isinstance(end.outcome, Landed):
        return recording.Sending(person=person, told=told, answer=answer, seen=end.outcome.seen)
    return recording.Sending(person=person, told=told, problem=end.problem)


def _end_members(turn: Turn, ends: Sequence[tuple[Passenger, End]]) -> dict[str, Told]:
    """What becomes of each member, in the caller's transaction; {bId: the word and the sentence for the log}."""
    told: dict[str, Told] = {}
    taken: list[tuple[Passenger, MemberOutcome]] = []
    with _ground(turn.connection_id, ends) as known:
        for person, end in ends:
            outcome = _unless_linked(known.book, person, end)
            if isinstance(outcome, Again | Parked | Gone):
                told[person.bid] = _end_trouble(known, person, outcome)
            else:
                told[person.bid] = _take_in(known, person, outcome)
                taken.append((person, outcome))
    settling.settle_all(turn.lane, {person.message_id: person.subject for person, _outcome in taken})
    for person, outcome in taken:
        if isinstance(outcome, Adopted) and not outcome.is_current:
            tray.post(person.subject, turn.lane, priority=Priority(person.priority), asked=True)
    return told


def _ground(connection_id: int, ends: Sequence[tuple[Passenger, End]]) -> AbstractContextManager[Ground]:
    answered: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for person, end in ends:
        if isinstance(end.outcome, Landed) and person.subject.kind in LISTED:
            answered[KINDS[person.subject.kind].entity].append(end.outcome.seen)
    remotes = [(KINDS[person.subject.kind].entity, remote_id) for person, end in ends if (remote_id := _id_there(end))]
    return ground(connection_id, [person.subject for person, _end in ends], remotes=remotes, answered=answered)


def _id_there(end: End) -> str:
    """The id of the record that a member ended with; empty where it ended with trouble."""
    outcome = end.outcome
    if isinstance(outcome, Known):
        return outcome.remote.remote_id
    return "" if isinstance(outcome, Again | Parked | Gone) else str(outcome.seen.get("Id", ""))


def _unless_linked(book: LinkBook, person: Passenger, end: End) -> MemberOutcome:
    """One record there has one of ours: a second link would be refused by the database, again with every repetition."""
    entity, remote_id = KINDS[person.subject.kind].entity, _id_there(end)
    other = book.linked_to(entity, remote_id) if remote_id else None
    if person.subject.kind == "service" or other is None or other == person.subject:
        return end.outcome
    word = KINDS[other.kind].word.lower()
    return Parked(
        f"{entity} {remote_id} in QuickBooks is linked to another {word} of ours already; unlink one of them."
    )


def _take_in(known: Ground, person: Passenger, outcome: Landed | Adopted | Known) -> Told:
    if isinstance(outcome, Landed):
        return Outcome.SENT, landing.land(known, person, outcome.seen)
    if isinstance(outcome, Adopted):
        told = person.revision if outcome.is_current else None
        return Outcome.ADOPTED, landing.adopt(known, person.subject, outcome.seen, told)
    return Outcome.MATCHED, landing.link_known(known, person.subject, outcome.remote)


def _end_trouble(known: Ground, person: Passenger, outcome: Again | Parked | Gone) -> Told:
    if isinstance(outcome, Again):
        if outcome.seen is not None:
            landing.refresh(known, person.subject, outcome.seen)
        settling.give_back(person.message_id, outcome.due_at, outcome.sentence, charge=outcome.charge)
        return outcome.outcome, outcome.sentence
    blocker = blocker_of(person.subject)
    if isinstance(outcome, Gone):
        _mark_removed(known.book.of(person.subject))
    elif outcome.blocker:
        blocker = outcome.blocker
    settling.park(person.message_id, blocker, outcome.sentence)
    notices.tell_held(known.book.connection_id, blocker, outcome.sentence)
    return Outcome.REFUSED, outcome.sentence


def _mark_removed(link: Tie | None) -> None:
    if link is not None:
        link.state = LinkState.REMOVED
