"""The dashboard as values: facts of the sync, four numbers, last good moments, money, and what happened lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.billing import figures
from app.billing.entities import entities
from app.billing.figures import Sums
from app.billing.kinds import DocumentKind
from app.billing.queries import DocumentFilter
from app.billing.received import received_since
from app.foundation import clock
from app.sync import comparisons, lately, old_documents, webhook_log
from app.sync.board import Board, board
from app.sync.causes import causes
from app.sync.drifts import ReconciliationRun
from app.sync.engine import engine
from app.sync.lately import Happening
from app.web.home.news import Facts, News, Problem, first_news, problems
from app.web.session import me

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

    news: News
    problems: list[Problem]
    boards: list[Board]
    drifts: int
    last_push_at: datetime | None
    last_webhook_at: datetime | None
    last_run: ReconciliationRun | None
    money: Money
    happenings: list[Happening]
    next_step: Step | None

    @property
    def waiting(self) -> int:
        """Over all billing entities."""
        return sum(each.queue.waiting for each in self.boards)

    @property
    def in_flight(self) -> int:
        """Over all billing entities."""
        return sum(each.queue.sending for each in self.boards)

    @property
    def held(self) -> int:
        """Over all billing entities."""
        return sum(each.queue.parked for each in self.boards)


def picture() -> Picture:
    """Read it."""
    today = clock.now().astimezone(ZoneInfo(me().organisation.time_zone)).date()
    boards = [board(engine(), entity) for entity in entities()]
    facts = _facts(boards)
    return Picture(
        news=first_news(facts),
        problems=problems(facts),
        boards=boards,
        drifts=facts.drifts,
        last_push_at=lately.last_push_at(),
        last_webhook_at=webhook_log.last_valid_at(),
        last_run=comparisons.last_done(),
        money=_money(today),
        happenings=lately.happenings(),
        next_step=_next_step(boards),
    )


def _facts(boards: list[Board]) -> Facts:
    left = [each.queue.minutes_left for each in boards if each.queue.minutes_left]
    asked = [(each.entity.id, each.entity.name, old_documents.question(each.entity)) for each in boards]
    return Facts(
        running=[(each.entity.name, each.running) for each in boards],
        waiting=sum(each.queue.waiting + each.queue.sending for each in boards),
        minutes_left=max(left) if left else None,
        causes=causes(),
        drifts=comparisons.drift_counts().total(),
        unsent=[question for question in asked if question[2]],
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
