"""A person decides about a number that is taken in QuickBooks: the two are the same, or ours goes under another."""

from __future__ import annotations

from dataclasses import dataclass

from app.billing import timeline
from app.billing.document import Document
from app.billing.timeline import Actor
from app.foundation.database import end_reading, transaction
from app.foundation.errors import ConflictError
from app.outbox import lanes, settling
from app.outbox.models import Message, MessageState
from app.quickbooks import answers
from app.quickbooks.client import QuickBooks
from app.quickbooks.models import Connection
from app.quickbooks.ties import TIED
from app.sync.answered import landing
from app.sync.answered.ground import ground
from app.sync.company.connecting import connected, lane_of
from app.sync.judging.kinds import KINDS
from app.sync.records import numbers
from app.sync.records.holding import hold
from app.sync.records.links import LinkMade, link_of, links_to
from app.sync.telling.clashes import agrees, blocker_of, clash_of


@dataclass(frozen=True)
class Twin:
    """A document in QuickBooks that has the number of ours."""

    seen: answers.DocumentSeen
    agrees: bool
    """In customer, date and total."""
    is_tied: bool
    """It is linked to another of ours."""

    @property
    def may_be_linked(self) -> bool:
        """Whether a person may say that the two are the same."""
        return not self.is_tied and not self.seen.voided


@dataclass(frozen=True)
class Choice:
    """What a person may choose from: the documents of that number, and the number ours could get instead."""

    number: str
    twins: tuple[Twin, ...]
    next_free: str | None


def choice_of(quickbooks: QuickBooks, document: Document) -> Choice:
    """Look at QuickBooks, one read. Raises the QuickBooksError that ended it."""
    connection_id = _connection(document).id
    clash = clash_of(quickbooks, connection_id, document.subject)
    seen = [answers.document(row) for row in clash.records]
    tied = links_to(connection_id, _entity(document), [one.id for one in seen])
    end_reading()
    twins = [Twin(one, agrees=agrees(clash.facts, one), is_tied=one.id in tied) for one in seen]
    return Choice(clash.facts.number_there, tuple(twins), clash.next_free)


def link(quickbooks: QuickBooks, document: Document, remote_id: str, actor: Actor) -> str:
    """The two are the same: tie them, change neither; what differs is shown from now on. Returns a sentence.

    Raises ConflictError where ours is tied or on its way already, or theirs is another's or void.
    """
    connection_id, subject = _connection(document).id, document.subject
    record = answers.document(quickbooks.read(connection_id, _entity(document), remote_id))
    with transaction():
        _hold(connection_id)
        message = _held(document)
        lanes.lock([message.id])
        if record.voided or link_of(connection_id, subject) or links_to(connection_id, _entity(document), [remote_id]):
            raise ConflictError("These two can't be linked: one of them is linked already, or void.")
        with ground(connection_id, [subject]) as known:
            sentence = landing.adopt_seen(known, subject, record, document.revision)
            tie = known.book.of(subject)
            if tie is not None:
                tie.made = LinkMade.BY_HAND
        if not settling.cancel_one(message.id, f"{actor.name} linked it to what QuickBooks has already."):
            raise ConflictError(f"{document.title} is on its way to QuickBooks by now; look again in a moment.")
        timeline.note(subject, "linked", f"Linked to {_entity(document)} {remote_id} in QuickBooks.", actor=actor)
        return sentence


def rename(document: Document, number: str, actor: Actor) -> None:
    """Ours goes under another number there, and keeps its own here. Raises ConflictError for one the rule can't make.

    Whether the number is still free QuickBooks says when it is sent.
    """
    with transaction():
        connection = _connection(document)
        _hold(connection.id)
        _held(document)
        if not numbers.is_given(document.number or "", number):
            raise ConflictError("That is not a number which this document could get.")
        if number in numbers.ours_among(connection.id, document.subject.kind, [number]):
            raise ConflictError("That number was taken meanwhile; look again.")
        numbers.give(connection.id, document.subject, number)
        timeline.note(document.subject, "renumbered", f"To go to QuickBooks as {number}.", actor=actor)
        lanes.release(lane_of(connection), blocker_of(document.subject))


def _connection(document: Document) -> Connection:
    found = connected(document.entity)
    if found is None:
        raise ConflictError("QuickBooks is not connected.")
    return found


def _hold(connection_id: int) -> None:
    """So does whoever disconnects it, or connects another: what was seen there counts no more then."""
    if hold(connection_id) not in TIED:
        raise ConflictError("QuickBooks is not connected.")


def _held(document: Document) -> Message:
    """The message that waits for this very decision."""
    message = lanes.latest_of([document.subject], document.entity.lane).get(document.subject)
    held = message is not None and message.state is MessageState.PARKED
    if message is None or not held or message.blocker != blocker_of(document.subject):
        raise ConflictError(f"{document.title} does not wait for its number any more.")
    return message


def _entity(document: Document) -> str:
    return KINDS[document.subject.kind].entity
