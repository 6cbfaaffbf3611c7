"""Rows by the hundred thousand: copies of one sent invoice, made inside the database, one statement for each table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, String, Table, func, insert, literal, select, true
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from app.billing.document import Document
from app.billing.line import DocumentLine
from app.billing.payment import Allocation, Payment
from app.billing.timeline import TimelineEntry
from app.foundation.database import Base
from app.outbox.models import Message
from app.sync.listening.deliveries import Delivery, Event
from app.sync.records.attempts import Attempt
from app.sync.records.envelopes import Envelope, Member
from app.sync.records.links import Link

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
    at: datetime | None = None
    """When all of it happened; None: when the pattern did."""

    def invoices(self) -> int:
        """Invoices with their lines; returns the id of the first."""
        first = self._next_id(Document)
        days = {"issue_date": self.at.date(), "due_date": self.at.date() + timedelta(days=30)} if self.at else {}

        def own(n: Number) -> dict[str, Any]:
            return {"id": first + n, "number": _named("C-", first + n), "client_id": self._client(first + n), **days}

        self._make(Document, Document.id == self.document_id, own)
        self._make(DocumentLine, DocumentLine.document_id == self.document_id, lambda n: {"document_id": first + n})
        return first

    def messages(self, first: int, **state: Any) -> int:
        """A message in this state for each of the invoices from this id on; returns the id of the first message."""
        message = self._next_id(Message)
        about = self._about(Message)
        self._make(Message, about, lambda n: {"id": message + n, "subject_id": first + n, **state})
        return message

    def payments(self, first: int, payment_id: int) -> None:
        """A copy of this payment for each of the invoices from this id on, with its link."""
        payment = self._next_id(Payment)
        links = (Link.kind == "payment") & (Link.subject_id == payment_id)
        self._make(
            Payment,
            Payment.id == payment_id,
            lambda n: {
                "id": payment + n,
                "client_id": self._client(first + n),
                **self._when("received_on", "recorded_at"),
            },
        )
        self._make(
            Allocation,
            Allocation.payment_id == payment_id,
            lambda n: {"payment_id": payment + n, "document_id": first + n},
        )
        self._make(Link, links, lambda n: {"subject_id": payment + n, "remote_id": _named("paid-", payment + n)})

    def calls(self, delivery_id: int) -> None:
        """So many webhook calls like this one, each with its event."""
        call = self._next_id(Delivery)
        when = self._when("arrived_at", "processed_at")
        told = self._when("at", "due_at", "processed_at")
        self._make(Delivery, Delivery.id == delivery_id, lambda n: {"id": call + n, **when})
        self._make(
            Event,
            Event.delivery_id == delivery_id,
            lambda n: {"delivery_id": call + n, "remote_event_id": _named("told-", call + n), **told},
        )

    def traces(self, first: int, *, attempts_each: int = 1) -> None:
        """What is left behind by invoices that were sent: message, attempts, link, envelope, timeline."""
        message = self.messages(first, **self._when("posted_at", "due_at", "settled_at"))
        envelope = self._next_id(Envelope)
        attempts, links = self._about(Attempt), self._about(Link)
        told = (TimelineEntry.subject_kind == "invoice") & (TimelineEntry.subject_id == self.document_id)
        flown = select(Member.envelope_id).join(Message, Message.id == Member.message_id).where(self._about(Message))
        for _each in range(attempts_each):
            self._make(
                Attempt, attempts, lambda n: {"message_id": message + n, "subject_id": first + n, **self._when("at")}
            )
        self._make(Link, links, lambda n: {"subject_id": first + n, "remote_id": _named("old-", first + n)})
        self._make(TimelineEntry, told, lambda n: {"subject_id": first + n, **self._when("at")})
        self._make(
            Envelope,
            Envelope.id.in_(flown),
            lambda n: {"id": envelope + n, "request_id": _named("old-", envelope + n)},
        )
        self._make(
            Member, Member.envelope_id.in_(flown), lambda n: {"envelope_id": envelope + n, "message_id": message + n}
        )

    def _client(self, number: Number) -> Number:
        return 1 + number % self.clients

    def _when(self, *columns: str) -> dict[str, datetime]:
        return dict.fromkeys(columns, self.at) if self.at else {}

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
            _literal(changed[column.name], column).label(column.name) if column.name in changed else column
            for column in columns
        ]
        rows = select(*picked).select_from(table.join(numbers, true())).where(pattern)
        self.session.execute(insert(table).from_select(columns, rows, include_defaults=False))


def _named(prefix: str, number: Number) -> ColumnElement[str]:
    return literal(prefix) + as_type(number, String)


def _literal(value: Any, column: Column[Any]) -> ColumnElement[Any]:
    return value if isinstance(value, ColumnElement) else literal(value, column.type)
