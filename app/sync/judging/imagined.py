"""A document that is typed and not saved yet, as the facts it would have: opened now, unknown to QuickBooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from app.billing.client import Client
from app.billing.content import DocumentContent, LineContent
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.totals import line_amounts
from app.foundation import clock
from app.foundation.database import db
from app.outbox.models import Subject
from app.quickbooks.models import Connection
from app.sync.judging import shelf, survey
from app.sync.judging.facts import DocumentFacts
from app.sync.records.links import LinkState, link_of

NUMBER = "«its number»"
"""What stands for a number that is drawn when the document is opened."""


@dataclass(frozen=True, kw_only=True)
class _Document:
    """The columns of a document that readiness asks for, without a row."""

    organisation_id: int
    kind: DocumentKind
    issue_date: date
    currency: str
    gross_pence: int
    client_id: int | None
    client_name: str
    customer_id: str | None
    due_date: date | None
    term_id: int | None
    memo: str
    opened_at: datetime = field(default_factory=clock.now)
    id: int = 0
    number: str = NUMBER
    status: DocumentStatus = DocumentStatus.OPEN
    revision: int = 1
    kept_back: bool = False
    kept_back_by: str | None = None
    link_remote_id: str | None = None
    given_number: str | None = None


@dataclass(frozen=True)
class _Line:
    """Those of a line."""

    position: int
    description: str
    service_id: int | None
    quantity: Decimal | None
    unit_price: Decimal | None
    tax_code_id: int | None
    discount_percent: Decimal
    amount_pence: int
    discount_pence: int


@dataclass(frozen=True)
class Typed:
    """What was typed, the currency it is in, and what it comes to, tax included."""

    kind: DocumentKind
    content: DocumentContent
    currency: str
    gross_pence: int


def facts(connection: Connection, typed: Typed) -> DocumentFacts:
    """Read what stands for its client, its services and its tax codes, as of any other document."""
    document, content = _document(connection, typed), typed.content
    on = shelf.of(connection.id, [document], {document.id: _lines(content)})
    return survey.document(document, on, asked=False)


def _document(connection: Connection, typed: Typed) -> _Document:
    content = typed.content
    client = db.session.get(Client, content.client_id) if content.client_id else None
    link = link_of(connection.id, Subject("client", client.id)) if client else None
    return _Document(
        organisation_id=connection.organisation_id,
        kind=typed.kind,
        issue_date=content.issue_date,
        currency=typed.currency,
        gross_pence=typed.gross_pence,
        client_id=content.client_id,
        client_name=client.name if client else "",
        customer_id=link.remote_id if link and link.state is LinkState.LIVE else None,
        due_date=content.due_date,
        term_id=content.term_id,
        memo=content.memo,
    )


def _lines(content: DocumentContent) -> list[_Line]:
    return [_line(position, line) for position, line in enumerate(content.lines, start=1)]


def _line(position: int, line: LineContent) -> _Line:
    amounts = line_amounts(line.quantity, line.unit_price, line.discount_percent)
    return _Line(
        position=position,
        description=line.description,
        service_id=line.service_id,
        quantity=line.quantity,
        unit_price=line.unit_price,
        tax_code_id=line.tax_code_id,
        discount_percent=line.discount_percent,
        amount_pence=amounts.amount_pence,
        discount_pence=amounts.discount_pence,
    )
