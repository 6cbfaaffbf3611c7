"""The dashboard as values: facts of the sync, four numbers, last good moments, money, and what happened lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.billing import figures
from app.billing.figures import Sums
from app.billing.kinds import DocumentKind
from app.billing.queries import DocumentFilter
from app.billing.received import received_since
from app.foundation import clock
from app.sync import comparisons, lately, webhook_log
from app.sync.board import Board
from app.sync.drifts import ReconciliationRun
from app.sync.lately import Happening
from app.web.home.news import Problem, problems
from app.web.home.summary import Summary, summary
from app.web.session import me
from app.web.sync_log.held import ON_DASHBOARD, Held, held

_PAID_OVER = timedelta(days=30)


@dataclass(frozen=True)
class Step:
    """What a new organisation does next."""

    title: str
    text: str
    endpoint: str
    action: str


@dataclass(frozen=True)
class Money:
    """Invoices by currency: all that is open, what is overdue, and what was received in thirty days, in pence."""

    sums: dict[str, Sums]
    overdue: dict[str, Sums]
    received: dict[str, int]


@dataclass(frozen=True)
class Picture:
    """All of it."""

    summary: Summary
    problems: list[Problem]
    causes: Held
    last_push_at: datetime | None
    last_webhook_at: datetime | None
    last_run: ReconciliationRun | None
    money: Money
    happenings: list[Happening]
    next_step: Step | None


def picture() -> Picture:
    """Read it."""
    today = clock.now().astimezone(ZoneInfo(me().organisation.time_zone)).date()
    found = summary()
    return Picture(
        summary=found,
        problems=problems(found.facts),
        causes=held(ON_DASHBOARD),
        last_push_at=lately.last_push_at(),
        last_webhook_at=webhook_log.last_valid_at(),
        last_run=comparisons.last_done(),
        money=_money(today),
        happenings=lately.happenings(),
        next_step=_next_step(found.boards),
    )


def _money(today: date) -> Money:
    return Money(
        sums=figures.sums(DocumentFilter(kind=DocumentKind.INVOICE)),
        overdue=figures.overdue(today),
        received=received_since(today - _PAID_OVER),
    )


def _next_step(boards: list[Board]) -> Step | None:
    if not boards:
        said = "Name, address and VAT number of whoever sends the invoices."
        return Step("Set up your billing entity", said, "billing_entity.index", "Set it up")
    if not any(figures.status_counts(DocumentFilter()).values()):
        said = "Import what you have as CSV, or write the first invoice by hand."
        return Step("Bring your invoices", said, "imports.index", "Import a file")
    if not any(each.connection for each in boards):
        said = "Until then nothing is sent, and nothing is lost."
        return Step("Connect QuickBooks", said, "quickbooks.index", "Connect")
    return None
