"""Four months of an MSP's life, drawn from a seed: monthly bills, jobs, credits, payments, and some that are late.

Nothing here is posted: it all happened before there was anybody to tell.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from app.billing import invoicing, numbering
from app.billing.content import DocumentContent, LineContent
from app.billing.demo.moments import on
from app.billing.demo.paying import Purse
from app.billing.demo.stock import JOBS, SEATS, DemoService
from app.billing.demo.stocking import Stock, stock_up
from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.kinds import DocumentKind
from app.billing.timeline import Actor, note
from app.billing.wording import amount
from app.foundation import clock
from app.foundation.database import db

SEED = 20
BOOKKEEPER = Actor(None, "Priya Shah")

_MONTHS = ("PPPPPPPPPPPOV", "PPPPPPPPPHPOO", "PPPPPHHPOOOCV", "PPOOOOOOOOOKK")
"""What becomes of the bills of each month, the oldest first: paid, half paid, open, void, credited (and the credit
used), credited (and the credit kept). Which client gets which is drawn by lot."""
_JOBS = "PPPOOO"
_DRAFTS = 4
_SPAN_OF_JOBS = 80


@dataclass(frozen=True)
class _Event:
    """A bill to be issued: to the client at this place of the list, when, over what, and what becomes of it."""

    day: date
    client: int
    lines: tuple[LineContent, ...] = field(repr=False)
    fate: str


def furnish(entity: BillingEntity, *, seed: int = SEED) -> int:
    """Fill an empty organisation, in the caller's transaction; returns how many documents were made.

    The process's clock is moved back while this runs, so it belongs into a command and never into a request.
    """
    return _Furnishing(entity, random.Random(seed)).furnish()  # noqa: S311 - invented invoices, no secrets


class _Furnishing:
    """One furnishing: the lot, the stock to choose from, and how many documents there are."""

    def __init__(self, entity: BillingEntity, lot: random.Random) -> None:
        self.entity = entity
        self.lot = lot
        self.now = clock.now()
        self.today = entity.today()
        self.stock: Stock = stock_up(BOOKKEEPER)
        self.purse = Purse(entity, lot, BOOKKEEPER, self.now)
        self.made = 0

    def furnish(self) -> int:
        """Everything, in the order in which it happened."""
        events = sorted([*self._bills(), *self._jobs()], key=lambda event: event.day)
        for event in events:
            with on(event.day, self.now):
                self._live_through(event)
        self.purse.pay_the_rest()
        for _draft in range(_DRAFTS):
            self._draft(DocumentKind.INVOICE, self._anybody(), self._job_lines(), self.today)
        return self.made

    def _bills(self) -> Iterator[_Event]:
        contracts = {client: self._contract() for client in self.lot.sample(range(len(self.stock.clients)), 13)}
        for months_back, fates in zip((3, 2, 1, 0), _MONTHS, strict=True):
            day = _first_of_month(self.today, months_back)
            drawn = self.lot.sample(fates, len(fates))
            for (client, services), fate in zip(contracts.items(), drawn, strict=True):
                lines = tuple(self._line(service, f", {day:%B %Y}", bought) for service, bought in services)
                yield _Event(day, client, lines, fate)

    def _contract(self) -> list[tuple[DemoService, int]]:
        services = self.lot.sample(SEATS, self.lot.randint(2, 5))
        return [(service, self.lot.randint(1, service.most)) for service in services]

    def _jobs(self) -> Iterator[_Event]:
        for fate in _JOBS:
            day = self.today - timedelta(days=self.lot.randint(1, _SPAN_OF_JOBS))
            yield _Event(day, self._anybody(), self._job_lines(), fate)

    def _job_lines(self) -> tuple[LineContent, ...]:
        jobs = self.lot.sample(JOBS, self.lot.randint(1, 2))
        lines = [self._line(job, "", self.lot.randint(1, job.most)) for job in jobs]
        return (*lines, LineContent("As agreed by e-mail."))

    def _line(self, service: DemoService, period: str, quantity: int) -> LineContent:
        return LineContent(
            description=service.name + period,
            service_id=self.stock.services[service.code],
            quantity=Decimal(quantity),
            unit_price=Decimal(service.price),
            discount_percent=Decimal(10 if quantity >= 40 and service.most < 100 else 0),
            tax_code_id=self.stock.tax_codes[service.tax_code],
        )

    def _anybody(self) -> int:
        return self.lot.randrange(len(self.stock.clients))

    def _draft(self, kind: DocumentKind, client: int, lines: tuple[LineContent, ...], day: date) -> Document:
        billed, term = self.stock.clients[client]
        due, term_id = (term.due(day), term.id) if kind is DocumentKind.INVOICE else (None, None)
        content = DocumentContent(billed.id, issue_date=day, due_date=due, term_id=term_id, lines=lines)
        self.made += 1
        return invoicing.create_draft(self.entity, kind, content, actor=BOOKKEEPER)

    def _issue(self, kind: DocumentKind, event: _Event) -> Document:
        document = self._draft(kind, event.client, event.lines, event.day)
        document.number = numbering.draw_number(self.entity, kind)
        invoicing.mark_opened(document, BOOKKEEPER)
        total = amount(document.gross_pence, document.currency)
        note(document.subject, "opened", f"Opened as {document.number} over {total}.", actor=BOOKKEEPER)
        db.session.flush()
        return document

    def _live_through(self, event: _Event) -> None:
        invoice = self._issue(DocumentKind.INVOICE, event)
        if event.fate == "V":
            invoicing.mark_void(invoice, "Billed to the wrong client", BOOKKEEPER)
        elif event.fate == "P":
            self.purse.owe(invoice)
        elif event.fate == "H":
            self.purse.pay_half(invoice)
        elif event.fate in "CK":
            back = _Event(event.day, event.client, event.lines[:1], "O")
            credit = self._issue(DocumentKind.CREDIT_NOTE, back)
            if event.fate == "C":
                self.purse.use(credit, invoice)


def _first_of_month(today: date, months_back: int) -> date:
    months = today.year * 12 + today.month - 1 - months_back
    return date(months // 12, months % 12 + 1, 1)
