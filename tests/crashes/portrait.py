"""Both sides as they are when it is quiet: what must be the same whether somebody died on the way or not.

Left out are clocks, counters, the log of attempts, and whatever else may rightly tell of a second beginning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import String, case, cast, func, select

from app.billing.client import Client
from app.billing.document import Document
from app.billing.payment import Payment
from app.billing.timeline import TimelineEntry
from app.foundation.database import db
from app.foundation.mail import Mail
from app.outbox.models import Message, MessageState
from app.quickbooks import marker
from app.quickbooks.models import CatalogueRow, Connection, ConnectionState
from app.sync.comparing.drifts import Drift, ReconciliationRun
from app.sync.listening.deliveries import Event
from app.sync.records.envelopes import Envelope, EnvelopeState
from app.sync.records.links import Link, LinkState
from app.sync.records.mappings import Mapping
from app.tables import metadata
from tests.crashes.stage import Stage
from tests.simulation import REALM

_KINDS = ("Customer", "Item", "Invoice", "CreditMemo", "Payment")
_SHOWN = ("DisplayName", "Name", "DocNumber", "TotalAmt", "Balance", "SyncToken", "PrivateNote", "Active")
_ENTITY = {"invoice": "Invoice", "credit_note": "CreditMemo"}


def portrait(stage: Stage) -> dict[str, Any]:
    """Everything that counts, by subject."""
    return {
        "there": {kind: [_shown(record) for record in records(stage, kind)] for kind in _KINDS},
        "documents": _rows(Document.id, Document.number, Document.status, Document.gross_pence, Document.settled_pence),
        "links": _rows(Link.kind, _subject(Link.kind, Link.subject_id), Link.remote_id, Link.state, Link.sync_token),
        "mappings": _rows(Mapping.kind, Mapping.subject_id, Mapping.remote_id),
        "messages": _latest_messages(),
        "payments": _rows(Payment.reference, Payment.amount_pence, Payment.state),
        "events": _rows(Event.remote_event_id, Event.entity, Event.remote_id),
        "drifts": [
            *_rows(Drift.cause, Drift.kind, _subject(Drift.kind, Drift.subject_id), Drift.ours, Drift.theirs),
            _open_drifts(),
        ],
        "comparisons": _rows(ReconciliationRun.night, ReconciliationRun.state, ReconciliationRun.drifts),
        "connections": _rows(Connection.realm_id, Connection.state, Connection.billing_entity_id),
        "lists": _counted(CatalogueRow.entity),
        "mails": _mails(),
        "timeline": _counted(
            TimelineEntry.subject_kind,
            _subject(TimelineEntry.subject_kind, TimelineEntry.subject_id),
            TimelineEntry.verb,
        ),
    }


_COUNTERS = {"governor", "call_minute", "read_month", "heartbeat"}
_NOTED = {"last_success_at"}
"""What may rightly be written by somebody whose lease is over: that his call came back after all."""


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the counters', whole."""
    tables = [table for table in metadata.sorted_tables if table.name not in _COUNTERS]
    return {table.name: _rows(*[column for column in table.c if column.name not in _NOTED]) for table in tables}


def records(stage: Stage, kind: str) -> list[dict[str, Any]]:
    """All records of a kind there."""
    found: list[dict[str, Any]] = []
    following: str | None = "0"
    while following is not None:
        page = stage.books.simulation.look(f"companies/{REALM}/records/{kind}?after={following}&limit=1000")
        found += page["records"]
        following = page["next"]
    return found


def _shown(record: dict[str, Any]) -> dict[str, Any]:
    return {name: record[name] for name in _SHOWN if name in record}


def _subject(kind: Any, subject_id: Any) -> Any:
    """A subject's id, but for what is made in the scene: PostgreSQL never gives the id of a lost transaction again."""
    name = select(Client.name).where(Client.id == subject_id).scalar_subquery()
    return case((kind == "payment", ""), (kind == "client", name), else_=cast(subject_id, String))


def _rows(*columns: Any) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in db.session.execute(select(*columns))), key=repr)


def _counted(*columns: Any) -> list[tuple[Any, ...]]:
    return sorted(
        (tuple(row) for row in db.session.execute(select(*columns, func.count()).group_by(*columns))), key=repr
    )


def _latest_messages() -> list[tuple[Any, ...]]:
    newest = select(func.max(Message.id)).group_by(Message.kind, Message.subject_id)
    about = (Message.kind, _subject(Message.kind, Message.subject_id))
    rows = select(*about, Message.state, Message.blocker).where(Message.id.in_(newest))
    return sorted((tuple(row) for row in db.session.execute(rows)), key=repr)


def _mails() -> list[tuple[str, str]]:
    """What they are about, without the numbers in it, and whether they went."""
    return sorted((re.sub(r"\d[\d-]*", "*", row.occasion), row.state.value) for row in db.session.scalars(select(Mail)))


def _open_drifts() -> tuple[str, int]:
    return "open", db.session.scalar(select(func.count()).where(Drift.closed_at.is_(None))) or 0


def faults(stage: Stage) -> list[str]:
    """Every rule of DESIGN 4 that is broken, in words; empty when all is well."""
    return [*_doubled(stage), *_missing(stage), *_unfinished(), *_in_flight(stage)]


def _doubled(stage: Stage) -> Iterator[str]:
    for kind, name in (("Customer", "DisplayName"), ("Item", "Name"), ("Invoice", "DocNumber")):
        names = Counter(str(record[name]).casefold() for record in records(stage, kind))
        yield from (f"{kind} {one} is there {times} times" for one, times in names.items() if times > 1)


def _missing(stage: Stage) -> Iterator[str]:
    """Each document that was told is there once, and linked to what is there."""
    there = _marked(stage)
    live = select(func.max(Connection.connected_at)).where(Connection.state == ConnectionState.ACTIVE)
    told = select(Message.kind, Message.subject_id).where(
        Message.state == MessageState.DONE, Message.kind.in_(_ENTITY), Message.settled_at >= live.scalar_subquery()
    )
    linked = {(row.kind, row.subject_id): row for row in db.session.scalars(select(Link))}
    for kind, subject_id in sorted({(str(kind), int(number)) for kind, number in db.session.execute(told)}):
        document, link = db.session.get_one(Document, subject_id), linked.get((kind, subject_id))
        if link is None:
            yield f"{document.title} was told and is linked to nothing"
        elif link.state is LinkState.LIVE and there.get((kind, subject_id)) != [link.remote_id]:
            yield f"{document.title} is linked to {link.remote_id}, and there as {there.get((kind, subject_id))}"


def _marked(stage: Stage) -> dict[tuple[str, int], list[str]]:
    found: dict[tuple[str, int], list[str]] = {}
    for kind, entity in _ENTITY.items():
        for record in records(stage, entity):
            seen = marker.find(record.get("PrivateNote"))
            if seen and seen.kind == kind:
                found.setdefault((kind, seen.record_id), []).append(record["Id"])
    return found


def _unfinished() -> Iterator[str]:
    for envelope in db.session.scalars(select(Envelope).where(Envelope.state == EnvelopeState.STORED)):
        told = ", ".join(f"{member.step} {member.label}" for member in envelope.members)
        yield f"the envelope of {told} is not answered"
    for message in db.session.scalars(select(Message).where(Message.state == MessageState.SENDING)):
        yield f"{message.kind} {message.subject_id} is still flying"


def _in_flight(stage: Stage) -> list[str]:
    peak = stage.books.simulation.look("stats")["realms"][REALM]["max_writes_in_flight"]
    return [] if peak <= 1 else [f"{peak} writes were in flight at once"]
