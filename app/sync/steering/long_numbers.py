"""Documents whose numbers are longer than QuickBooks takes: a person lets them go there under shorter ones.

Here they keep their own. The numbers are those of the rule (`numbers`), so that a comparison knows them again; whether
one is still free there, QuickBooks says when it is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.billing import timeline
from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.timeline import Actor
from app.foundation.database import db
from app.foundation.errors import ConflictError
from app.outbox import lanes
from app.outbox.models import Message, MessageState
from app.quickbooks.models import Connection
from app.sync.company.connecting import lane_of
from app.sync.judging.kinds import DOCUMENTS
from app.sync.records import numbers

MOST = 200
"""Documents of one page, the oldest first."""


class Shortened(NamedTuple):
    """A document that is held for its number, and the one it would get there; None where the rule has none free."""

    document: Document
    number: str | None


def held(entity: BillingEntity, connection: Connection) -> list[Shortened]:
    """Those that wait, each with a number of its own."""
    return [one for kind in DOCUMENTS for one in _of_kind(connection, kind, _waiting(entity, kind))]


def give(entity: BillingEntity, connection: Connection, picked: str, actor: Actor) -> int:
    """Let one go under its shorter number, given as "kind:id", or all that wait for "" (in the caller's transaction).

    Returns how many. Raises ConflictError where none of them waits any more.
    """
    db.session.refresh(connection, with_for_update=True)
    chosen = [one for one in held(entity, connection) if picked in {"", lanes.blocker_of(one.document.subject)}]
    given = [(one.document, one.number) for one in chosen if one.number]
    if not given:
        raise ConflictError("None of these waits for a shorter number any more.")
    for document, number in given:
        numbers.give(connection.id, document.subject, number)
        timeline.note(document.subject, "renumbered", f"To go to QuickBooks as {number}.", actor=actor)
        lanes.release(lane_of(connection), numbers.blocker_of_long(document.subject))
    return len(given)


def _waiting(entity: BillingEntity, kind: str) -> list[Document]:
    parked = select(Message.subject_id).where(
        *lanes.within(entity.lane),
        Message.state == MessageState.PARKED,
        Message.kind == kind,
        Message.blocker.startswith(numbers.LONG),
    )
    ids = list(db.session.scalars(parked.order_by(Message.id).limit(MOST)))
    rows = select(Document).where(Document.id.in_(ids)).options(selectinload(Document.client))
    return list(db.session.scalars(rows.order_by(Document.id)))


def _of_kind(connection: Connection, kind: str, documents: Sequence[Document]) -> list[Shortened]:
    offered = {one for document in documents for one in numbers.candidates(document.number or "")}
    taken = numbers.ours_among(connection.id, kind, offered) if offered else set()
    found: list[Shortened] = []
    for document in documents:
        own = document.number or ""
        number = numbers.next_free(own, own, taken)
        taken |= {number} if number else set()
        found.append(Shortened(document, number))
    return found
