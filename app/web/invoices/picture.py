"""All that the page of one document shows."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.permissions import Action, may
from app.accounts.roles import Role
from app.billing import credit_uses, queries
from app.billing.document import Document
from app.billing.faults import Fault, opening_faults
from app.billing.kinds import OWED, DocumentKind, DocumentStatus
from app.billing.payment import Allocation
from app.billing.timeline import TimelineEntry, entries
from app.quickbooks.models import Connection
from app.sync.comparing.drifts import Drift
from app.sync.first_day import dry_run
from app.sync.judging.readiness import Finding
from app.sync.records.tied import connection_of
from app.web.invoices.actions import Step, allowed_actions
from app.web.invoices.consequence import Consequence, consequence_of
from app.web.invoices.sales_tax import SalesTax, is_automated, is_awaited, sales_tax_of
from app.web.invoices.standings import Shown, differences, shown
from app.web.invoices.tax_summary import RateSum, TaxAtHome, summary_of, tax_at_home, whole_tax

_FIRST = ("open", "edit", "send")
"""Steps that stand as buttons; the others are in a menu."""


@dataclass(frozen=True)
class Picture:
    """A document with its tax rate by rate, its payments, its timeline, its standing and its steps."""

    document: Document
    rates: list[RateSum]
    whole_tax: int | None
    """The tax in all, in pence, where it is not said rate by rate already."""
    tax_at_home: TaxAtHome | None
    allocations: list[Allocation]
    credit_beside: dict[int, str]
    """{payment id: what its credit comes from, or is used for}."""
    timeline: list[TimelineEntry]
    shown: Shown
    differences: list[Drift]
    """What differs in QuickBooks and is still to be decided."""
    faults: list[Fault]
    """What stands against opening a draft."""
    holds: list[Finding]
    """What would keep a draft from QuickBooks once it is opened."""
    first_steps: list[Step]
    more_steps: list[Step]
    is_overdue: bool
    takes_payment: bool
    """Whether money is still to come on it, and this role may write down that it came."""
    consequence: Consequence
    is_automated: bool
    """Whether QuickBooks computes its tax."""
    sales_tax: SalesTax | None
    """What is to be said of that tax."""
    awaits_tax: bool


def picture_of(document: Document, role: Role) -> Picture:
    """Read it, for somebody of this role."""
    now = shown(document)
    connection = connection_of(document.entity.lane)
    sendable = now.wants_sending and connection is not None
    steps = [step for step in allowed_actions(document, role) if step.name != "send" or sendable]
    faults = opening_faults(document) if document.status is DocumentStatus.DRAFT else []
    rates = summary_of(document)
    return Picture(
        document=document,
        rates=rates,
        whole_tax=whole_tax(document, rates),
        tax_at_home=tax_at_home(document),
        allocations=queries.allocations_of(document),
        credit_beside=credit_uses.beside(document),
        timeline=entries(document.subject),
        shown=now,
        differences=differences(document, now),
        faults=faults,
        holds=_holds(document, connection, faults),
        first_steps=[step for step in steps if step.name in _FIRST],
        more_steps=[step for step in steps if step.name not in _FIRST],
        consequence=consequence_of(document.entity, kept_back=document.kept_back),
        is_overdue=document.is_overdue(document.entity.today()),
        takes_payment=_takes_payment(document, role),
        is_automated=is_automated(document),
        sales_tax=sales_tax_of(document, now),
        awaits_tax=is_awaited(document),
    )


def _holds(document: Document, connection: Connection | None, faults: list[Fault]) -> list[Finding]:
    """Of a draft that could be opened: as each push asks it, and as the dry run says it."""
    if connection is None or faults or document.status is not DocumentStatus.DRAFT:
        return []
    (rehearsal,) = dry_run.rehearse(connection, {document.subject: False})
    return rehearsal.holds


def _takes_payment(document: Document, role: Role) -> bool:
    is_owed = document.kind is DocumentKind.INVOICE and document.status in OWED
    return is_owed and may(role, Action.RECORD_PAYMENTS)
