"""Where a document is with QuickBooks, in one word and one sentence: derived, never stored twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.invoicing import OPTED_OUT
from app.billing.kinds import DocumentKind, DocumentStatus
from app.foundation import clock
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Lane, Message, MessageState, Subject
from app.quickbooks.models import Connection, ConnectionState
from app.sync.records.links import Link, LinkState, links_of
from app.sync.records.policies import policy_of
from app.sync.records.tied import connection_of


class Place(StrEnum):
    """Where a document is. The values are the words on screen."""

    NOT_SENT = "Not sent yet"
    STAYS = "Stays here"
    WAITING = "Waiting"
    SENDING = "Sending"
    THERE = "In QuickBooks"
    DIFFERS = "Amounts differ"
    HELD = "Held"
    FAILED = "Failed"
    SKIPPED = "Skipped"
    OPTED_OUT = "Opted out"
    REMOVED = "Removed in QuickBooks"
    VOIDED = "Voided in QuickBooks"


_NOT_CONNECTED = "QuickBooks is not connected."
_NEVER_AGAIN = "It is never made again by itself: void it here as well, or duplicate it and send the copy."
TONES = {
    Place.NOT_SENT: "quiet",
    Place.STAYS: "quiet",
    Place.WAITING: "busy",
    Place.SENDING: "busy",
    Place.THERE: "good",
    Place.DIFFERS: "warning",
    Place.HELD: "warning",
    Place.FAILED: "bad",
    Place.SKIPPED: "quiet",
    Place.OPTED_OUT: "quiet",
    Place.REMOVED: "bad",
    Place.VOIDED: "quiet",
}


@dataclass(frozen=True)
class Standing:
    """The place, the reason a bookkeeper reads, and what leads to the mending of it."""

    place: Place
    sentence: str = ""
    blocker: str = ""
    remote_id: str = ""
    message_id: int | None = None
    contradicts: bool = False
    """Whether both sides say opposite things, as of a document that is void on one side only."""
    again_at: datetime | None = None
    """When it is tried again by itself, in UTC; None where nothing failed or only a person can go on."""

    @property
    def word(self) -> str:
        """The word on screen."""
        return self.place.value

    @property
    def tone(self) -> str:
        """quiet, busy, good, warning or bad: how it is coloured, beside the word."""
        return "warning" if self.contradicts else TONES[self.place]


def of_documents(entity: BillingEntity, documents: Sequence[Document]) -> dict[int, Standing]:
    """The standing of documents of one kind, in the entity's present mode: {document id: standing}."""
    if not documents:
        return {}
    connection = connection_of(entity.lane)
    ids = [document.id for document in documents]
    links = links_of(connection.id, documents[0].kind.value, ids) if connection else {}
    messages = lanes.latest_of([document.subject for document in documents], entity.lane)
    scene = _Scene(_hindrance(connection), _prerequisites(messages, entity.lane), is_tied=connection is not None)
    return {
        document.id: _standing(document, links.get(document.id), messages.get(document.subject), scene)
        for document in documents
    }


def of_document(document: Document) -> Standing:
    """The standing of one document."""
    return of_documents(document.entity, [document])[document.id]


@dataclass(frozen=True)
class _Scene:
    """What concerns all documents of a lane: why nothing is sent at all, if so, and what others wait for."""

    hindrance: str
    held_first: dict[str, Message]
    is_tied: bool


def _hindrance(connection: Connection | None) -> str:
    """Why the whole lane stands still; empty where it does not."""
    if connection is None:
        return _NOT_CONNECTED
    if connection.state is ConnectionState.RECONNECT:
        return "It is sent once QuickBooks is connected again."
    policy = policy_of(connection.id)
    return f"The sync is paused by {policy.paused_by}: {policy.paused_reason}" if policy.paused_at else ""


def _prerequisites(messages: dict[Subject, Message], lane: Lane) -> dict[str, Message]:
    """What the messages that wait for a prerequisite wait for: {blocker: its parked message}."""
    blockers = {message.blocker for message in messages.values() if message.blocker}
    wanted: dict[str, list[int]] = {}
    for blocker in blockers:
        kind, _colon, number = blocker.partition(":")
        if number.isdigit() and kind in {"client", "service"}:
            wanted.setdefault(kind, []).append(int(number))
    parked: dict[str, Message] = {}
    for kind, ids in wanted.items():
        rows = db.session.scalars(
            db.select(Message).where(
                *lanes.within(lane),
                Message.kind == kind,
                Message.subject_id.in_(ids),
                Message.state == MessageState.PARKED,
            )
        )
        parked.update({lanes.blocker_of(row.subject): row for row in rows})
    return parked


def _standing(document: Document, link: Link | None, message: Message | None, scene: _Scene) -> Standing:
    if document.status is DocumentStatus.DRAFT:
        return Standing(Place.NOT_SENT, "A draft is never sent.")
    on_its_way = _on_its_way(message, scene)
    if on_its_way is not None:
        return on_its_way
    if link is not None:
        return _overtaken(document, link, message) or _there(document, link)
    if document.kept_back:
        return Standing(Place.OPTED_OUT, _kept_back(document))
    if message is not None and message.state is MessageState.SKIPPED:
        return Standing(Place.SKIPPED, message.reason or "", message_id=message.id)
    return _never_sent(document, message, scene)


def _never_sent(document: Document, message: Message | None, scene: _Scene) -> Standing:
    stays = _why_it_stays(document, message, scene)
    return Standing(Place.STAYS, stays) if stays else Standing(Place.NOT_SENT, _why_not(message, scene))


def _kept_back(document: Document) -> str:
    return f"Kept out of QuickBooks by {document.kept_back_by or 'a person'}."


def _overtaken(document: Document, link: Link, message: Message | None) -> Standing | None:
    """Of a document that was changed here since QuickBooks heard of it, while nothing is on its way."""
    is_void = document.status is DocumentStatus.VOID
    if link.state is not LinkState.LIVE or (link.told_revision in {None, document.revision} and not is_void):
        return None
    there = "It is not void there." if is_void else "QuickBooks has an earlier version of it."
    if document.kept_back:
        return Standing(Place.OPTED_OUT, f"{_kept_back(document)} {there}", remote_id=link.remote_id, contradicts=True)
    reason = message.reason if message is not None and message.reason else "The change was not sent."
    message_id = message.id if message is not None else None
    return Standing(
        Place.SKIPPED, f"{there} {reason}", remote_id=link.remote_id, message_id=message_id, contradicts=True
    )


def _why_it_stays(document: Document, message: Message | None, scene: _Scene) -> str:
    """Of a document that nobody is going to send by itself any more; empty where it may yet go."""
    if message is not None and (message.reason or message.state is MessageState.DONE):
        return ""
    if document.status is DocumentStatus.VOID:
        return "Void here; QuickBooks never heard of it."
    if document.status is not DocumentStatus.PAID or not scene.is_tied:
        return ""
    word = "paid" if document.kind is DocumentKind.INVOICE else "used up"
    return f"It was {word} before QuickBooks was connected."


def _why_not(message: Message | None, scene: _Scene) -> str:
    if message is not None and message.reason == OPTED_OUT:
        return "It was kept out of QuickBooks until now; it is sent when somebody asks for it."
    if message is not None and message.reason:
        return message.reason
    if message is not None and message.state is MessageState.DONE:
        return "It was sent once, but the company it went to has been disconnected since."
    return "It was opened before QuickBooks was connected." if scene.is_tied else _NOT_CONNECTED


def _on_its_way(message: Message | None, scene: _Scene) -> Standing | None:
    if message is None:
        return None
    if message.state is MessageState.SENDING:
        return Standing(Place.SENDING, message.reason or "QuickBooks is being told.", message_id=message.id)
    if message.state is MessageState.PARKED:
        return _parked(message)
    if message.state is MessageState.WAITING:
        return _waiting(message, scene) if scene.is_tied else Standing(Place.NOT_SENT, scene.hindrance)
    return None


def _parked(message: Message) -> Standing:
    itself = lanes.blocker_of(message.subject)
    place = Place.FAILED if message.blocker == itself else Place.HELD
    return Standing(place, message.reason or "", message.blocker or "", message_id=message.id)


def _waiting(message: Message, scene: _Scene) -> Standing:
    before = scene.held_first.get(message.blocker or "")
    if before is not None:
        return Standing(Place.HELD, before.reason or "", before.blocker or "", message_id=message.id)
    again_at = message.due_at if clock.now() < message.due_at < lanes.FAR_AWAY else None
    sentence = scene.hindrance or message.reason or "Next in line."
    return Standing(Place.WAITING, sentence, message_id=message.id, again_at=again_at)


def _there(document: Document, link: Link) -> Standing:
    is_void = document.status is DocumentStatus.VOID
    if link.state is LinkState.REMOVED and not is_void:
        return Standing(Place.REMOVED, f"It was deleted there. {_NEVER_AGAIN}", remote_id=link.remote_id)
    if link.state is LinkState.REMOVED:
        return Standing(Place.REMOVED, "It is void here and deleted there.", remote_id=link.remote_id)
    if link.state is LinkState.VOIDED and not is_void:
        told = f"It was voided there, and is {document.status.value.replace('_', ' ')} here. {_NEVER_AGAIN}"
        return Standing(Place.VOIDED, told, remote_id=link.remote_id, contradicts=True)
    if link.state is LinkState.VOIDED:
        return Standing(Place.VOIDED, f"As {_named(link)}.", remote_id=link.remote_id)
    if link.difference_pence:
        return Standing(Place.DIFFERS, f"{_named(link)} has another total there.", remote_id=link.remote_id)
    return Standing(Place.THERE, f"As {_named(link)}.", remote_id=link.remote_id)


def _named(link: Link) -> str:
    """By the number that it has there; its id alone reads like a number."""
    return f"{link.remote_number or link.entity} (id {link.remote_id})"
