"""What a typed document comes to: the server's arithmetic, shown before anything is saved."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.billing import sales_tax
from app.billing.content import DocumentContent, charged_percents, content_totals, currency_of
from app.billing.conventions import Conventions, conventions_of
from app.billing.entity import BillingEntity, TaxRegime
from app.billing.faults import content_faults
from app.billing.kinds import DocumentKind
from app.billing.tax import TaxCode
from app.billing.totals import Totals, line_amounts
from app.foundation.database import db
from app.sync.first_day import dry_run
from app.sync.judging.imagined import Typed
from app.sync.judging.readiness import Finding
from app.sync.records.tied import connection_of
from app.web.invoices.reading import Problem, Reading, problems_of
from app.web.invoices.tax_summary import RateSum, summary
from app.web.invoices.typed import TypedDocument


@dataclass(frozen=True)
class Preview:
    """Totals in pence, each line's net, the tax rate by rate, and what stands against opening it."""

    totals: Totals
    nets: list[int]
    rates: list[RateSum]
    warnings: list[Problem]
    holds: list[Finding]
    """What would keep it from QuickBooks once it is opened; empty until it can be."""
    currency: str
    is_automated: bool = False
    """Whether QuickBooks computes the tax."""
    reckoned_tax_pence: int | None = None
    """What we expect it to say; None where nothing is known to go by."""


def preview(reading: Reading, typed: TypedDocument, entity: BillingEntity, kind: DocumentKind) -> Preview:
    """Compute it; what can't be read is said before what is missing, and nothing about an untouched editor."""
    content = reading.content
    nets = _nets(content)
    faults = problems_of(content_faults(content, kind, entity.tax_regime)) if not reading.problems else []
    sums, currency = content_totals(content.lines, charged_percents(entity)), currency_of(content, entity)
    warnings = _worth_saying([*reading.problems, *faults], typed)
    return Preview(
        totals=sums,
        nets=nets,
        rates=_rates(content, nets, conventions_of(entity.country)) if entity.tax_regime is TaxRegime.UK else [],
        warnings=warnings,
        holds=_holds(Typed(kind, content, currency, sums.gross_pence), entity) if not warnings else [],
        currency=currency,
        is_automated=entity.tax_regime is TaxRegime.US_AUTOMATED,
        reckoned_tax_pence=_reckoned(content, nets, entity),
    )


def _holds(typed: Typed, entity: BillingEntity) -> list[Finding]:
    connection = connection_of(entity.lane) if typed.content.client_id else None
    return dry_run.holds(connection, typed) if connection is not None else []


def _reckoned(content: DocumentContent, nets: list[int], entity: BillingEntity) -> int | None:
    if entity.tax_regime is not TaxRegime.US_AUTOMATED:
        return None
    taxed = [(net, line.tax_code_id) for line, net in zip(content.lines, nets, strict=True)]
    return sales_tax.expected(content.client_id, entity.id, taxed)


def _worth_saying(problems: list[Problem], typed: TypedDocument) -> list[Problem]:
    """Without complaints about lines in which nothing was typed yet."""
    blank = tuple(f"lines-{at}-" for at, line in enumerate(typed.lines) if line.is_blank)
    if len(blank) == len(typed.lines) and not typed.client:
        return []
    return [problem for problem in problems if not problem.field.startswith(blank)]


def _nets(content: DocumentContent) -> list[int]:
    return [line_amounts(line.quantity, line.unit_price, line.discount_percent).net_pence for line in content.lines]


def _rates(content: DocumentContent, nets: list[int], words: Conventions) -> list[RateSum]:
    codes = {code.id: code for code in db.session.scalars(select(TaxCode))}
    pairs = zip(content.lines, nets, strict=True)
    return summary(((net, codes.get(line.tax_code_id or 0)) for line, net in pairs if line.quantity is not None), words)
