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
from app.sync.comparing.drifts import ReconciliationRun
from app.sync.reconciling import comparisons
from app.sync.watching import lately, webhook_log
from app.sync.watching.lately import Happening
from app.web.home.first_day import FirstDay, first_day
from app.web.home.news import Problem, problems
from app.web.home.summary import Summary, summary
from app.web.session import me
from app.web.sync_log.held import ON_DASHBOARD, Held, held

_PAID_OVER = timedelta(days=30)


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
    first_day: FirstDay | None


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
        first_day=first_day(),
    )


def _money(today: date) -> Money:
    return Money(
        sums=figures.sums(DocumentFilter(kind=DocumentKind.INVOICE)),
        overdue=figures.overdue(today),
        received=received_since(today - _PAID_OVER),
    )
