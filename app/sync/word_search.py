"""Words looked for in the sync log: what was copied whole is found by its index, other words among what is recent.

A sentence can hold the words anywhere, so each attempt is read; how many is bounded, and the page says how far back
that was, and offers the rest.
"""

from __future__ import annotations

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
from app.foundation.tenancy import BY_KEY
from app.outbox.models import Message
from app.quickbooks.models import Connection
from app.sync.attempts import Attempt
from app.sync.envelopes import Envelope, Member
from app.sync.kinds import DOCUMENTS

RECENT = 10_000
"""Attempts that are read for words unless all are asked for: under a tenth of a second, however many there are."""
_ATTEMPT = cast("Table", Attempt.__table__)


@dataclass(frozen=True)
class Search:
    """A condition on messages; `reach` is the moment (UTC) of the oldest attempt read for it, None where all count."""

    condition: ColumnElement[bool]
    reach: datetime | None = None


def search(words: str, *, everywhere: bool, recent: int) -> Search:
    """Which messages have a sentence, a number, a name, or one of Intuit's own references that holds these words.

    Of a reference its beginning is enough. `everywhere` reads all attempts, however long that takes; else so many
    `recent` ones of each company are read.
    """
    whole = _named_whole(words)
    if whole:
        return Search(Message.id.in_(whole))
    read = _read(None if everywhere else recent)
    ends = [row for row in read.values() if row is not None]
    named = select(Message.id).where(_waits_or_named(words))
    if ends:
        named = named.where(Message.id > min(row.message_id for row in ends))
    found = union(named, *(_told(words, number, end) for number, end in read.items()))
    return Search(Message.id.in_(found), max((row.at for row in ends), default=None))


def _read(recent: int | None) -> dict[int, Attempt | None]:
    """{connection: the newest attempt that is too old to be read, if any}."""
    return {number: _beyond(number, recent) for number in db.session.scalars(select(Connection.id)).all()}


def _beyond(connection_id: int, recent: int | None) -> Attempt | None:
    if recent is None:
        return None
    # Of the table and not of the model, so that the index alone answers: whose the company is was asked before.
    ids = select(_ATTEMPT.c.id).where(_ATTEMPT.c.connection_id == connection_id).order_by(_ATTEMPT.c.id.desc())
    beyond = db.session.scalar(ids.offset(recent).limit(1))
    return None if beyond is None else db.session.get(Attempt, beyond)


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
        *(text.icontains(words, autoescape=True) for text in (Attempt.sentence, Attempt.label)),
        *(key.istartswith(words, autoescape=True) for key in (Attempt.tid, Attempt.request_id, Attempt.code)),
    )


def _told(words: str, connection_id: int, end: Attempt | None) -> Select[int]:
    """Messages of which an attempt that is read holds the words."""
    mine = select(Attempt.message_id).where(Attempt.connection_id == connection_id, _in_attempt(words))
    return mine if end is None else mine.where(Attempt.id > end.id)


def _waits_or_named(words: str) -> ColumnElement[bool]:
    """Messages whose own sentence, or whose subject's name, holds the words."""
    return or_(
        Message.reason.icontains(words, autoescape=True),
        and_(Message.kind.in_(DOCUMENTS), _named(Document.id, Document.number, words)),
        and_(Message.kind == "client", _named(Client.id, Client.name, words)),
        and_(Message.kind == "service", _named(Service.id, Service.code, words)),
    )


def _named(row_id: InstrumentedAttribute[int], name: InstrumentedAttribute[Any], words: str) -> ColumnElement[bool]:
    """Asked of the subject of each message by its key: among all of them the names would have to be read one by one."""
    return exists().where(row_id == Message.subject_id, name.icontains(words, autoescape=True))
