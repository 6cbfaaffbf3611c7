"""Our side of a comparison: the linked documents as plain values, and a sentence about those that are not compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.billing.line import DocumentLine
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Subject
from app.quickbooks.models import Connection
from app.sync.company.connecting import lane_of
from app.sync.comparing import pictures
from app.sync.comparing.drifts import Drift, DriftCause
from app.sync.comparing.overtaken import ReadThere
from app.sync.comparing.sides import Ours
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.records import numbers
from app.sync.records.links import Link, LinkState, link_of, was_known
from app.sync.records.policies import WhenClosed, policy_of

_NOT_THERE = "not in QuickBooks (each says why on its own page)"
_NEVER_THERE = "void, and never in QuickBooks"
_BUSY = "on their way, or held"
_TOO_NEW = "sent or changed while the comparison ran"


class Left(NamedTuple):
    """A document that is not compared: (entity, their id, empty where it is not there), and what is open on it here."""

    key: tuple[str, str]
    currency: str
    open_pence: int


@dataclass(frozen=True)
class Survey:
    """What is compared, and how many documents are not, by reason."""

    compared: list[Ours]
    left_out: Counter[str]
    overlooked: set[tuple[str, int]] = field(default_factory=set)
    """(kind, id) of those that are in QuickBooks and were left out all the same."""
    left: list[Left] = field(default_factory=list)
    """All that are not compared."""

    @property
    def not_compared(self) -> str:
        """As a sentence."""
        return "; ".join(f"{number} {reason}" for reason, number in sorted(self.left_out.items()))

    def without(self, late: Collection[tuple[str, int]]) -> Survey:
        """The same, these (kind, id) left out as they were sent or paid meanwhile (pure)."""
        named = [mine for mine in self.compared if (mine.kind, mine.subject_id) in late]
        return Survey(
            [mine for mine in self.compared if (mine.kind, mine.subject_id) not in late],
            self.left_out + Counter({_TOO_NEW: len(named)}),
            self.overlooked | set(late),
            [*self.left, *map(as_left, named)],
        )


def as_left(mine: Ours) -> Left:
    """One that was to be compared, left out after all."""
    return Left((mine.entity, mine.remote_id), mine.currency, mine.open_pence)


def survey(connection: Connection, there: ReadThere) -> Survey:
    """Read our side, to be laid beside what was read there."""
    found = Survey([], Counter())
    customers, redated_until = _links(connection.id, "client"), _redated_until(connection)
    rates, lost = pictures.rates(connection.id), _lost(connection.id)
    for kind in DOCUMENTS:
        links, lines = _links(connection.id, kind), _priced_lines(kind)
        given = numbers.given(connection.id, kind)
        busy = lanes.busy_subjects(kind, lane_of(connection))
        for document in _documents(connection, kind):
            link = links.get(document.id)
            if reason := _left_out(document, link, there, is_busy=document.id in busy):
                found.left_out[reason] += 1
                found.overlooked.add((kind, document.id))
                found.left.append(_left(document, link))
            elif link is not None:
                customer = customers.get(document.client_id or 0)
                just_paid = there.is_just_paid(document, link)
                side = _side(document, link, customer, priced_lines=lines.get(document.id, 1), just_paid=just_paid)
                number = given.get(document.id, "")
                told = replace(side, redated_until=redated_until, given_number=number)
                is_lost = (kind, document.id) in lost
                found.compared.append(
                    replace(
                        told,
                        was_removed=told.was_removed and not is_lost,
                        rate=rates.get((link.entity, link.remote_id), ""),
                    )
                )
    return found


def side_of(connection: Connection, link: Link, document: Document) -> Ours:
    """One linked document of ours as it is compared. What is paid is left out: payments tell of themselves."""
    client = Subject("client", document.client_id or 0)
    lines = sum(1 for line in document.lines if not line.is_comment)
    side = _side(document, link, link_of(connection.id, client), priced_lines=lines, just_paid=True)
    given = numbers.given(connection.id, link.kind, [document.id])
    number = given.get(document.id, "")
    return replace(side, redated_until=_redated_until(connection), given_number=number)


def _redated_until(connection: Connection) -> date | None:
    """The closing date, where documents of the closed period are told under the first open day."""
    moves = policy_of(connection.id).closed_books is WhenClosed.FIRST_OPEN_DAY
    return connection.book_close_date if moves else None


def _documents(connection: Connection, kind: str) -> list[Document]:
    opened = (
        select(Document)
        .where(
            Document.billing_entity_id == connection.billing_entity_id,
            Document.kind == kind,
            Document.opened_at.is_not(None),
        )
        .order_by(Document.id)
    )  # the differences are listed as they are found, on each database alike
    return list(db.session.scalars(opened.options(selectinload(Document.client))))


def _links(connection_id: int, kind: str) -> dict[int, Link]:
    """All links of a kind at once: a list of ids could be longer than a statement may be."""
    rows = db.session.scalars(select(Link).where(Link.connection_id == connection_id, Link.kind == kind))
    return {link.subject_id: link for link in rows}


def _left(document: Document, link: Link | None) -> Left:
    remote_id = link.remote_id if link else ""
    return Left((KINDS[document.kind.value].entity, remote_id), document.currency, document.balance_pence)


def _left_out(document: Document, link: Link | None, there: ReadThere, *, is_busy: bool) -> str:
    if link is None and document.kept_back:
        return f"kept out of QuickBooks by {document.kept_back_by or 'a person'}"
    if link is None:
        return _NEVER_THERE if document.voided_at is not None else _NOT_THERE
    if is_busy:
        return _BUSY
    return "" if was_known(link.linked_at, there.started) and not there.is_overtaken(link) else _TOO_NEW


def _side(document: Document, link: Link, customer: Link | None, *, priced_lines: int, just_paid: bool) -> Ours:
    return Ours(
        kind=document.kind.value,
        subject_id=document.id,
        number=document.number or "",
        entity=link.entity,
        remote_id=link.remote_id,
        is_void=document.voided_at is not None,
        gross_pence=document.gross_pence,
        owed_pence=document.owed_pence,
        tax_pence=document.tax_pence,
        settled_pence=document.settled_pence,
        issue_date=document.issue_date,
        customer_id=customer.remote_id if customer else None,
        due_date=document.due_date if document.kind is DocumentKind.INVOICE else None,
        customer_name=document.client.name if document.client else "",
        currency=document.currency,
        priced_lines=max(priced_lines, 1),
        just_paid=just_paid,
        linked_at=link.linked_at,
        country=document.entity.country,
        was_removed=link.state is LinkState.REMOVED,
    )


def keys(connection_id: int) -> set[tuple[str, str]]:
    """(entity, their id) of all documents that are believed to be there."""
    live = select(Link.entity, Link.remote_id).where(
        Link.connection_id == connection_id, Link.kind.in_(DOCUMENTS), Link.state == LinkState.LIVE
    )
    return {(entity, remote_id) for entity, remote_id in db.session.execute(live)}


def _lost(connection_id: int) -> set[tuple[str, int]]:
    """(kind, id) of those that are missing there, and of which nothing told that they were deleted."""
    told = select(Drift.kind, Drift.subject_id).where(
        Drift.connection_id == connection_id, Drift.cause == DriftCause.ONLY_HERE, Drift.closed_at.is_(None)
    )
    return {(kind, subject_id) for kind, subject_id in db.session.execute(told)}


def _priced_lines(kind: str) -> dict[int, int]:
    """How many lines of each document carry a price: the bound of a rounding difference in pence."""
    rows = db.session.execute(
        select(DocumentLine.document_id, func.count())
        .join(Document, Document.id == DocumentLine.document_id)
        .where(Document.kind == kind, DocumentLine.quantity.is_not(None))
        .group_by(DocumentLine.document_id)
    )
    return {document_id: int(number) for document_id, number in rows}
