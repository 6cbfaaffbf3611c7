"""The sync log: one operation for each message, with what came of it, found by filters and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import defer

from app.billing.entities import entities
from app.foundation import reading
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Message, MessageState, Subject
from app.sync.judging.subjects import Name, names_of
from app.sync.records.attempts import Attempt, Outcome
from app.sync.records.slices import Place, Slice, slice_of
from app.sync.steering import causes
from app.sync.watching import word_search
from app.sync.watching.word_search import Search, Stretch

FEW_OPEN = 500
"""So many operations that are not at their end are looked through one by one, however old they are."""


class Show(StrEnum):
    """Which operations: the tabs of the page."""

    ALL = "all"
    PROBLEMS = "problems"
    CLEAN = "clean"
    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class LogFilter:
    """What is wanted: the part shown, a kind of subject, words, and moments in UTC between which it was posted.

    `cause` is the key of one that is held; while there is none of that key nothing is found. Words are looked for in
    what is recent, or in what is earlier than an attempt (`upto`, its id included); of an export `everywhere`.
    """

    show: Show = Show.ALL
    kind: str = ""
    search: str = ""
    everywhere: bool = False
    upto: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    entity_id: int | None = None
    cause: str = ""


@dataclass(frozen=True)
class Operation:
    """One message as the log shows it; `last` is its newest attempt."""

    message: Message
    name: Name
    last: Attempt | None
    attempts: int

    @property
    def at(self) -> datetime:
        """When something last happened to it."""
        return self.last.at if self.last else self.message.settled_at or self.message.posted_at

    @property
    def word(self) -> str:
        """Its result in a word."""
        if self.message.state is MessageState.DONE:
            return _DONE_WORDS.get(self.last.outcome, "Done") if self.last else "Nothing to tell"
        if self.message.state is MessageState.PARKED:
            return "Failed" if self.message.blocker == lanes.blocker_of(self.message.subject) else "Held"
        return self.message.state.value.capitalize()

    @property
    def tone(self) -> str:
        """How the word is coloured, beside its icon."""
        if self.word == "Held":
            return "warn"
        return _TONES[self.message.state]

    @property
    def sentence(self) -> str:
        """What a person reads first."""
        if self.message.state is MessageState.DONE:
            return self.last.sentence if self.last else "QuickBooks has this version already."
        return self.message.reason or ("Next in line." if self.message.state is MessageState.WAITING else "")

    @property
    def may_retry(self) -> bool:
        """Whether trying again can change anything."""
        return self.message.state in {MessageState.PARKED, MessageState.SKIPPED, MessageState.CANCELLED} or (
            self.message.state is MessageState.WAITING and self.message.tries > 0
        )

    @property
    def may_cancel(self) -> bool:
        """Whether it can still be taken back."""
        return self.message.state in lanes.HELD


_DONE_WORDS = {Outcome.SENT: "Sent", Outcome.MATCHED: "Matched", Outcome.ADOPTED: "Adopted"}
_TONES = {
    MessageState.WAITING: "wait",
    MessageState.SENDING: "busy",
    MessageState.DONE: "good",
    MessageState.SKIPPED: "calm",
    MessageState.PARKED: "bad",
    MessageState.CANCELLED: "calm",
}
_TROUBLED = (Outcome.THROTTLED, Outcome.LATER, Outcome.UNKNOWN, Outcome.REFUSED, Outcome.HELD)


def operations(wanted: LogFilter, place: Place) -> Slice[Operation]:
    """One slice of the log, the newest first, in the present mode of each billing entity."""
    found = slice_of(_selected(wanted), Message.id, place)
    return Slice(described(found.rows), found.older, found.newer)


def stretch(wanted: LogFilter) -> Stretch | None:
    """Where the words were looked for; None without words, and where they were looked for in everything."""
    searched = _search(wanted).stretch if wanted.search.strip() else None
    return None if searched is None or searched.is_whole else searched


def operation(message_id: int) -> Operation:
    """One of them. Raises NoResultFound for another organisation's."""
    return described([db.session.get_one(Message, message_id)])[0]


def attempts_of(message_id: int) -> list[Attempt]:
    """All attempts of an operation, the newest first."""
    of_message = select(Attempt).where(Attempt.message_id == message_id).order_by(Attempt.id.desc())
    return list(db.session.scalars(of_message))


def attempts_about(subject: Subject, *, limit: int = 5) -> list[Attempt]:
    """The last attempts to tell QuickBooks of a subject, over all its operations, the newest first."""
    about = select(Attempt).where(Attempt.kind == subject.kind, Attempt.subject_id == subject.id)
    return list(db.session.scalars(about.order_by(Attempt.id.desc()).limit(limit)))


def counts(wanted: LogFilter) -> dict[Show, int]:
    """How many there are under the tabs that ask for a person or move; others are not worth counting."""
    numbers: Counter[MessageState] = Counter()
    for entity in entities():
        if wanted.entity_id in {None, entity.id}:
            numbers.update(lanes.counts(entity.lane))
    return {show: numbers[state] for show, state in _STATES.items()}


def described(messages: Sequence[Message]) -> list[Operation]:
    """Messages with their names and last attempts; a few questions for any number of them."""
    ids = [message.id for message in messages]
    tried = (
        select(Attempt.message_id, func.max(Attempt.id), func.count())
        .where(Attempt.message_id.in_(ids))
        .group_by(Attempt.message_id)
    )
    newest = {message_id: (last, int(number)) for message_id, last, number in db.session.execute(tried)}
    last_ids = [last for last, _number in newest.values()]
    # What went over the wire is long and only shown one by one.
    short = select(Attempt).options(defer(Attempt.request_text), defer(Attempt.response_text))
    last = {row.message_id: row for row in db.session.scalars(short.where(Attempt.id.in_(last_ids)))}
    names = names_of([message.subject for message in messages])
    return [
        Operation(message, names[message.subject], last.get(message.id), newest.get(message.id, (0, 0))[1])
        for message in messages
    ]


def _selected(wanted: LogFilter) -> Select[Message]:
    return select(Message).where(*_conditions(wanted))


_STATES = {
    Show.PROBLEMS: MessageState.PARKED,
    Show.WAITING: MessageState.WAITING,
    Show.SENDING: MessageState.SENDING,
    Show.DONE: MessageState.DONE,
    Show.SKIPPED: MessageState.SKIPPED,
    Show.CANCELLED: MessageState.CANCELLED,
}


_BY_INDEX = {Show.PROBLEMS: (lanes.WAITS,), Show.WAITING: (lanes.WAITS,), Show.SENDING: (lanes.FLIES,)}


def _conditions(wanted: LogFilter) -> Iterator[ColumnElement[bool]]:
    yield _present_lanes(wanted)
    if wanted.show in _STATES:
        yield Message.state == _STATES[wanted.show]
        yield from _BY_INDEX.get(wanted.show, ())
    if wanted.show is Show.CLEAN:
        yield Message.state != MessageState.PARKED
        # Asked of each message on the page by its key; "not in" would read every attempt first.
        yield ~exists().where(Attempt.message_id == Message.id, Attempt.outcome.in_(_TROUBLED))
    if wanted.cause:
        yield _held_by(wanted.cause)
    if wanted.kind:
        yield Message.kind == wanted.kind
    if wanted.since:
        yield Message.posted_at >= wanted.since
    if wanted.until:
        yield Message.posted_at < wanted.until
    if wanted.search.strip():
        yield _search(wanted).condition


def _held_by(key: str) -> ColumnElement[bool]:
    cause = causes.cause_of(key)
    return false() if cause is None else and_(*causes.within(cause))


def _present_lanes(wanted: LogFilter) -> ColumnElement[bool]:
    """Live and test never mix: of each billing entity, its present mode."""
    chosen = [entity.lane for entity in entities() if wanted.entity_id in {None, entity.id}]
    return or_(False, *(and_(*lanes.within(lane)) for lane in chosen))  # noqa: FBT003 - SQLAlchemy's empty "or"


def _search(wanted: LogFilter) -> Search:
    """Asked once a page: by the list, and by what is said of it. The few that move or wait are all looked through."""
    words, recent = wanted.search.strip(), None if wanted.everywhere else word_search.RECENT
    few = _few_open(wanted)
    if few is not None:
        return word_search.among(few, words)
    key = ("words of the log", words, wanted.upto, recent)
    return reading.once(key, lambda: word_search.search(words, upto=wanted.upto, recent=recent))


def _few_open(wanted: LogFilter) -> list[int] | None:
    """The ids of those that are held, wait or fly, where only such are wanted; None where that is more than a few."""
    if wanted.show not in _BY_INDEX:
        return None
    of_state = (_present_lanes(wanted), Message.state == _STATES[wanted.show], *_BY_INDEX[wanted.show])
    asked = select(Message.id).where(*of_state).limit(FEW_OPEN + 1)
    found = reading.once(("few open", wanted.show, wanted.entity_id), lambda: db.session.scalars(asked).all())
    return list(found) if len(found) <= FEW_OPEN else None
