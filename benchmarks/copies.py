"""Rows by the hundred thousand: copies of one sent invoice, made inside the database, one statement for each table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, String, Table, func, insert, literal, select, true
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from app.billing.document import Document
from app.billing.line import DocumentLine
from app.billing.timeline import TimelineEntry
from app.foundation.database import Base
from app.outbox.models import Message
from app.sync.attempts import Attempt
from app.sync.envelopes import Envelope, Member
from app.sync.links import Link

Number = ColumnElement[int]
Changes = Callable[[Number], dict[str, Any]]
"""For the number of a copy, 0 for the first: the columns in which it differs from its pattern."""


@dataclass(frozen=True)
class Copies:
    """So many copies of the invoice with this id, in the caller's transaction; the clients have the ids from 1 on."""

    session: Session
    document_id: int
    clients: int
    number: int

    def invoices(self) -> int:
        """Invoices with their lines; returns the id of the first."""
        first = self._next_id(Document)

        def own(n: Number) -> dict[str, Any]:
            return {"id": first + n, "number": _named("C-", first + n), "client_id": 1 + n % self.clients}

        self._make(Document, Document.id == self.document_id, own)
        self._make(DocumentLine, DocumentLine.document_id == self.document_id, lambda n: {"document_id": first + n})
        return first

    def messages(self, first: int, **state: Any) -> int:
        """A message in this state for each of the invoices from this id on; returns the id of the first message."""
        message = self._next_id(Message)
        about = self._about(Message)
        self._make(Message, about, lambda n: {"id": message + n, "subject_id": first + n, **state})
        return message

    def traces(self, first: int) -> None:
        """What is left behind by invoices that were sent: message, attempt, link, envelope, timeline."""
        message, envelope = self.messages(first), self._next_id(Envelope)
        attempts, links = self._about(Attempt), self._about(Link)
        told = (TimelineEntry.subject_kind == "invoice") & (TimelineEntry.subject_id == self.document_id)
        flown = select(Member.envelope_id).join(Message, Message.id == Member.message_id).where(self._about(Message))
        self._make(Attempt, attempts, lambda n: {"message_id": message + n, "subject_id": first + n})
        self._make(Link, links, lambda n: {"subject_id": first + n, "remote_id": _named("old-", first + n)})
        self._make(TimelineEntry, told, lambda n: {"subject_id": first + n})
        self._make(
            Envelope,
            Envelope.id.in_(flown),
            lambda n: {"id": envelope + n, "request_id": _named("old-", envelope + n)},
        )
        self._make(
            Member, Member.envelope_id.in_(flown), lambda n: {"envelope_id": envelope + n, "message_id": message + n}
        )

    def _about(self, model: type[Message | Attempt | Link]) -> ColumnElement[bool]:
        return (model.kind == "invoice") & (model.subject_id == self.document_id)

    def _next_id(self, model: type[Any]) -> int:
        return int(self.session.scalar(select(func.max(model.id))) or 0) + 1

    def _make(self, model: type[Base], pattern: ColumnElement[bool], changes: Changes) -> None:
        table = cast("Table", model.__table__)
        numbers = select(literal(0).label("n")).cte("numbers", recursive=True)
        numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < self.number - 1))
        changed = changes(numbers.c.n)
        columns = [column for column in table.c if column.name != "id" or "id" in changed]
        picked = [
            _literal(changed[column.name]).label(column.name) if column.name in changed else column
            for column in columns
        ]
        rows = select(*picked).select_from(table.join(numbers, true())).where(pattern)
        self.session.execute(insert(table).from_select(columns, rows, include_defaults=False))


def _named(prefix: str, number: Number) -> ColumnElement[str]:
    return literal(prefix) + as_type(number, String)


def _literal(value: Any) -> ColumnElement[Any]:
    return value if isinstance(value, ColumnElement) else literal(value)
