"""Numbers given to documents in QuickBooks because their own was taken there: the rule, and the table of those given.

The rule: our number, a hyphen, and the smallest count from 2 that is free on both sides. Where that is longer than
QuickBooks takes, letters are left out at the front, because the end of a number is what tells it from its neighbours.
Of a number that is itself too long the first choice is its end alone.
A document keeps what it was given: a repeat, an amendment and a comparison all go by the same number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from app.billing.document import Document
from app.foundation import clock
from app.foundation.columns import UTCDateTime
from app.foundation.database import Base, db, table_of
from app.foundation.tenancy import BY_KEY, OrganisationRow, ours
from app.outbox.models import Subject
from app.quickbooks.models import Connection

MAX_NUMBER = 21
"""Characters of a DocNumber (reference 3.0)."""
LONG = "long_number"
"""What such a blocker begins with."""
HIGHEST = 20
"""A number that is taken so often is a question for a person."""


class GivenNumber(OrganisationRow, Base):
    """The number under which one document goes to one company, where it is not its own."""

    __tablename__ = "given_number"
    __table_args__ = (UniqueConstraint("connection_id", "kind", "number"),)

    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(MAX_NUMBER))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)


_NUMBER = table_of(GivenNumber)
_GIVEN = select(_NUMBER.c.subject_id, _NUMBER.c.number).where(
    _NUMBER.c.connection_id == bindparam("of_connection"), _NUMBER.c.kind == bindparam("of_kind"), ours(_NUMBER)
)
_GIVEN_AMONG = _GIVEN.where(_NUMBER.c.subject_id.in_(bindparam("ids", expanding=True)))


def blocker_of_long(subject: Subject) -> str:
    """What a document waits for whose number QuickBooks has no room for: a person's word about a shorter one."""
    return f"{LONG}_{subject.kind}:{subject.id}"


def suffixed(number: str, count: int) -> str:
    """Our number with a count behind it, at most 21 characters (pure)."""
    return f"{number}-{count}"[-MAX_NUMBER:]


def candidates(number: str) -> list[str]:
    """All numbers that the rule may give, the first choice first (pure)."""
    shortened = [number[-MAX_NUMBER:]] if len(number) > MAX_NUMBER else []
    return [*shortened, *(suffixed(number, count) for count in range(2, HIGHEST + 1))]


def next_free(number: str, present: str, taken: Iterable[str]) -> str | None:
    """The next number behind the present one that nobody has; None when there is none (pure).

    QuickBooks compares without regard to case. Never one before the present: it may be taken by a kind of document
    that we did not look at.
    """
    known = {one.casefold() for one in taken}
    offered = candidates(number)
    start = offered.index(present) + 1 if present in offered else 0
    return next((one for one in offered[start:] if one.casefold() not in known), None)


def is_given(number: str, there: str) -> bool:
    """Whether a number there is one that the rule makes of ours (pure)."""
    return there in candidates(number)


def given(connection_id: int, kind: str, subject_ids: Collection[int] | None = None) -> dict[int, str]:
    """The numbers given to documents of a kind: {our id: number}; of all of them where no ids are named."""
    if subject_ids is not None and not subject_ids:
        return {}
    asked: dict[str, Any] = {"of_connection": connection_id, "of_kind": kind}
    if subject_ids is not None:
        asked["ids"] = list(subject_ids)
    rows = db.session.execute(_GIVEN if subject_ids is None else _GIVEN_AMONG, asked)
    return {row.subject_id: row.number for row in rows}


def ours_among(connection_id: int, kind: str, numbers: Collection[str]) -> set[str]:
    """Which of these are taken by documents of ours, sent or not, as their own number or as one given."""
    entity_id = db.session.get_one(Connection, connection_id).billing_entity_id
    own = select(Document.number).where(
        Document.billing_entity_id == entity_id, Document.kind == kind, Document.number.in_(numbers)
    )
    given_there = select(GivenNumber.number).where(
        GivenNumber.connection_id == connection_id, GivenNumber.kind == kind, GivenNumber.number.in_(numbers)
    )
    found = [db.session.scalars(asked, execution_options=BY_KEY) for asked in (own, given_there)]
    return {str(number) for rows in found for number in rows}


def give(connection_id: int, subject: Subject, number: str) -> None:
    """Keep a number for a document, in the caller's transaction."""
    row = db.session.get(GivenNumber, (connection_id, subject.kind, subject.id))
    if row is None:
        row = GivenNumber(connection_id=connection_id, kind=subject.kind, subject_id=subject.id)
        db.session.add(row)
    row.number, row.given_at = number, clock.now()
    db.session.flush()
