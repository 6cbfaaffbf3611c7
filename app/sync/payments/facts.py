"""What the telling of a payment looks at: plain values, read once, from both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.outbox.models import Subject
from app.sync.judging.facts import LinkFacts


@dataclass(frozen=True, kw_only=True)
class PartFacts:
    """So many pence on one document, and where that is in QuickBooks."""

    subject: Subject
    title: str
    pence: int
    entity: str
    remote_id: str | None
    is_live: bool
    """Whether it is there, neither voided nor deleted."""
    is_on_its_way: bool
    """Whether QuickBooks is about to be told of it."""


@dataclass(frozen=True, kw_only=True)
class PaymentToTell:
    """A payment with all that decides whether and how it is told. Amounts in pence."""

    subject: Subject
    label: str
    is_ours: bool
    """Recorded here; a payment that was learnt is never told back."""
    is_void: bool
    revision: int
    received_on: date
    recorded_at: datetime
    amount_pence: int
    currency: str
    reference: str
    method: str
    method_id: str | None
    asked: bool
    client_id: int
    client_name: str
    customer_id: str | None
    deposit_id: str | None
    deposit_trouble: str
    """Why the account that was chosen can't be used; empty where it can."""
    marker: str
    link: LinkFacts | None
    parts: tuple[PartFacts, ...]
