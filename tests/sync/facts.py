"""Facts as tests and hypothesis make them up: complete ones to begin with, and any at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from app.outbox.models import Subject
from app.sync.judging.decisions import Due, Tell, Write
from app.sync.judging.facts import Books, ClientFacts, DocumentFacts, LineFacts, LinkFacts, ServiceFacts
from app.sync.records.policies import WhenClientMissing, WhenClosed, WhenServiceMissing, WhenZero

OPENED = datetime(2026, 3, 2, 9, tzinfo=UTC)
BOOKS = Books(
    connection_id=1,
    country="GB",
    home_currency="GBP",
    multi_currency=False,
    taxes_per_line=True,
    custom_numbers=True,
    closed_until=None,
    read_only=False,
    automatic_push=True,
    push_since=datetime(2026, 1, 1, tzinfo=UTC),
    go_live_date=None,
    client_missing=WhenClientMissing.CREATE,
    service_missing=WhenServiceMissing.HOLD,
    zero_total=WhenZero.SKIP,
    when_closed=WhenClosed.HOLD,
    default_income_id="1",
    default_income_name="Sales",
)
LINE = LineFacts(
    position=1,
    description="Support",
    is_comment=False,
    quantity=Decimal(2),
    unit_price=Decimal("50.00"),
    amount_pence=10000,
    discount_pence=0,
    discount_percent=Decimal(0),
    service_id=42,
    service_code="SUP",
    item_id="7",
    item_trouble="",
    tax_code_id=3,
    tax_code_name="20%",
    is_taxed=True,
    tax_remote_id="6",
    tax_trouble="",
)
LINK = LinkFacts(remote_id="155", sync_token="3", live=True, voided=False, told_revision=1)
DOCUMENT = DocumentFacts(
    subject=Subject("invoice", 9),
    number="INV-9",
    status="open",
    revision=1,
    issue_date=date(2026, 3, 2),
    due_date=date(2026, 4, 1),
    currency="GBP",
    memo="",
    gross_pence=12000,
    opened_at=OPENED,
    kept_back_by=None,
    asked=False,
    client_id=5,
    client_name="Acme",
    customer_id="60",
    term_remote_id=None,
    marker="Counterfoil 1-invoice-9",
    link=None,
    lines=(LINE,),
)
CLIENT = ClientFacts(
    subject=Subject("client", 5),
    name="Acme",
    company_name="",
    email="",
    phone="",
    address=("", ""),
    city="",
    region="",
    postcode="",
    country="GB",
    currency="GBP",
    note="",
)
SERVICE = ServiceFacts(
    subject=Subject("service", 42), code="SUP", name="Support", description="Support", unit_price=None
)


def document(**changed: Any) -> DocumentFacts:
    """The complete document but for this."""
    return replace(DOCUMENT, **changed)


def line(**changed: Any) -> LineFacts:
    """The complete line but for this."""
    return replace(LINE, **changed)


def books(**changed: Any) -> Books:
    """The company in order but for this."""
    return replace(BOOKS, **changed)


def tell(number: int, *, kind: str = "invoice", write: Write = Write.CREATE, **more: int) -> Tell:
    """A ready message; `priority`, `tries` and `lines` as wanted."""
    due = Due(
        id=number,
        generation=1,
        subject=Subject(kind, number),
        tries=more.get("tries", 0),
        asked=False,
        priority=more.get("priority", 2),
    )
    return Tell(
        due=due, label=str(number), entity="Invoice", write=write, body={}, revision=1, lines=more.get("lines", 1)
    )
