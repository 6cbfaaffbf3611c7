"""Words looked for in the sync log: what was copied whole is found by its index, other words stretch by stretch.

A sentence can hold the words anywhere, so each attempt is read; how many at once is bounded, and the page says how far
back that was, and goes on from there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, exists, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute

from app.billing.client import Client
from app.billing.document import Document
from app.billing.entities import entities
from app.billing.service import Service
from app.foundation.database import db
from app.foundation.searching import begins, holds
from app.foundation.tenancy import BY_KEY
from app.outbox.models import Message
from app.quickbooks.models import Connection
from app.sync.judging.kinds import DOCUMENTS
from app.sync.records.attempts import Attempt
from app.sync.records.envelopes import Envelope, Member

RECENT = 20_000
"""Attempts of each company that are read for words at once: some hundredths of a second, however many there are."""
_ATTEMPT = cast("Table", Attempt.__table__)


@dataclass(frozen=True)
class Stretch:
    """A part of the log: up to one attempt, after another; None is the newest end, or the beginning of all."""

    upto: Attempt | None = None
    after: Attempt | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is all there is."""
        return self.upto is None and self.after is None

    @property
    def begins_at(self) -> datetime | None:
        """The moment (UTC) after which it begins; None where it goes back to the beginning."""
        return self.after.at if self.after else None

    @property
    def ends_at(self) -> datetime | None:
        """The moment (UTC) of its last attempt; None where it ends now."""
        return self.upto.at if self.upto else None

    @property
    def earlier(self) -> int | None:
        """What names the stretch before it; None where there is none."""
        return self.after.id if self.after else None


@dataclass(frozen=True)
class Search:
    """A condition on messages, and in which stretch of the log the words were looked for."""

    condition: ColumnElement[bool]
    stretch: Stretch


def search(words: str, *, upto: int | None = None, recent: int | None = None) -> Search:
    """Which messages have a sentence, a number, a name, or one of Intuit's own references that holds these words.

    Of a reference its beginning is enough. So many `recent` attempts of each company are read from the newest end, or
    from the one with the id `upto`, backwards; without a number all of them, however long that takes.
    """
    whole = _named_whole(words)
    if whole:
        return Search(Message.id.in_(whole), Stretch())
    companies = db.session.scalars(select(Connection.id)).all()
    stretch = _stretch(companies, upto, recent)
    named = select(Message.id).where(_waits_or_named(words), *_messages_of(stretch))
    return Search(Message.id.in_(union(named, *_told(words, companies, stretch))), stretch)


def among(message_ids: Collection[int], words: str) -> Search:
    """Which of these few messages have the words, wherever in the log: each is looked up by its key."""
    told = exists().where(Attempt.message_id == Message.id, _in_attempt(words))
    return Search(and_(Message.id.in_(message_ids), or_(_waits_or_named(words), told)), Stretch())


def _stretch(companies: Sequence[int], upto: int | None, recent: int | None) -> Stretch:
    """Up to an attempt that is ours; one that is gone, or was never there, counts as not named."""
    last = None if upto is None else db.session.get(Attempt, upto)
    beyond = [] if recent is None else [_beyond(number, last, recent) for number in companies]
    oldest = max((row for row in beyond if row is not None), default=None)
    return Stretch(last, None if oldest is None else db.session.get(Attempt, oldest))


def _beyond(connection_id: int, last: Attempt | None, recent: int) -> int | None:
    """The newest attempt that is too old to be read, if any."""
    # Of the table and not of the model, so that the index alone answers: whose the company is was asked before.
    ids = select(_ATTEMPT.c.id).where(_ATTEMPT.c.connection_id == connection_id).order_by(_ATTEMPT.c.id.desc())
    ids = ids if last is None else ids.where(_ATTEMPT.c.id <= last.id)
    return db.session.scalar(ids.offset(recent).limit(1))


def _messages_of(stretch: Stretch) -> Iterator[ColumnElement[bool]]:
    if stretch.upto is not None:
        yield Message.id <= stretch.upto.message_id
    if stretch.after is not None:
        yield Message.id > stretch.after.message_id


def carrying(reference: str) -> list[int]:
    """Messages that were told under this request id, or whose attempt has this intuit_tid: their ids, unordered."""
    in_envelope = select(Member.message_id).join(Envelope).where(Envelope.request_id == reference)
    with_tid = select(Attempt.message_id).where(Attempt.tid == reference)
    asked = (in_envelope, with_tid)
    return list({row for one in asked for row in db.session.scalars(one, execution_options=BY_KEY)})


def _named_whole(words: str) -> list[int]:
    """Messages of which these words are the number, the request id or the intuit_tid."""
    documents = select(Document.id).where(
        Document.billing_entity_id.in_([entity.id for entity in entities()]),
        Document.kind.in_(DOCUMENTS),
        Document.number == words,
    )
    ids = db.session.scalars(documents, execution_options=BY_KEY).all()
    about = select(Message.id).where(Message.kind.in_(DOCUMENTS), Message.subject_id.in_(ids))
    return [*db.session.scalars(about, execution_options=BY_KEY), *carrying(words)]


def _in_attempt(words: str) -> ColumnElement[bool]:
    return or_(
        *(holds(text, words) for text in (Attempt.sentence, Attempt.label)),
        *(begins(key, words) for key in (Attempt.tid, Attempt.request_id, Attempt.code)),
    )


def _told(words: str, companies: Sequence[int], stretch: Stretch) -> Iterator[Select[int]]:
    """Messages of which an attempt in this stretch holds the words, company by company."""
    for connection_id in companies:
        mine = select(Attempt.message_id).where(Attempt.connection_id == connection_id, _in_attempt(words))
        mine = mine if stretch.upto is None else mine.where(Attempt.id <= stretch.upto.id)
        yield mine if stretch.after is None else mine.where(Attempt.id > stretch.after.id)


def _waits_or_named(words: str) -> ColumnElement[bool]:
    """Messages whose own sentence, or whose subject's name, holds the words."""
    return or_(
        holds(Message.reason, words),
        and_(Message.kind.in_(DOCUMENTS), _named(Document.id, Document.number, words)),
        and_(Message.kind == "client", _named(Client.id, Client.name, words)),
        and_(Message.kind == "service", _named(Service.id, Service.code, words)),
    )


def _named(row_id: InstrumentedAttribute[int], name: InstrumentedAttribute[Any], words: str) -> ColumnElement[bool]:
    """Asked of the subject of each message by its key: among all of them the names would have to be read one by one."""
    return exists().where(row_id == Message.subject_id, holds(name, words))
