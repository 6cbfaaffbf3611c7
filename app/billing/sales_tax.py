"""A tax that the accounting side computes: what we expect of it, and how what it says is laid on the lines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select

from app.billing.document import Document
from app.billing.kinds import ISSUED
from app.billing.line import DocumentLine
from app.billing.tax import CHARGED, TaxCode
from app.billing.totals import totals
from app.foundation.database import db
from app.foundation.money import share, split

_LOOKED_BACK = 10
"""Documents of a client that are asked for a rate, the newest first."""


class Charged(NamedTuple):
    """What was charged before: so much tax (pence) on so much that was taxable, on the document of this number."""

    number: str
    tax_pence: int
    net_pence: int

    @property
    def percent(self) -> Decimal:
        """The rate that this comes to; as exact as a tax in whole pence tells it."""
        return Decimal(self.tax_pence) * 100 / self.net_pence


def taxable_ids() -> set[int]:
    """The ids of the tax codes under which a line is taxed."""
    return set(db.session.scalars(select(TaxCode.id).where(TaxCode.treatment.in_(CHARGED))))


def taxable_pence(lines: Sequence[DocumentLine], taxable: Collection[int]) -> int:
    """What the lines that are taxed come to, before tax."""
    return sum(line.net_pence for line in lines if line.tax_code_id in taxable)


def last_charged(client_id: int | None, entity_id: int) -> Charged | None:
    """What the accounting side charged this client last; None where it never said, or nothing was taxable."""
    answered = (Document.status.in_(ISSUED), ~Document.awaits_tax, Document.billing_entity_id == entity_id)
    newest = select(Document.id).where(Document.client_id == client_id, *answered)
    lately = newest.order_by(Document.id.desc()).limit(_LOOKED_BACK).scalar_subquery()
    net = func.sum(DocumentLine.net_pence)
    taxed = (
        select(Document.number, func.sum(DocumentLine.tax_pence), net)
        .join(DocumentLine, DocumentLine.document_id == Document.id)
        .join(TaxCode, TaxCode.id == DocumentLine.tax_code_id)
        .where(Document.id.in_(lately), DocumentLine.tax_pence.is_not(None), TaxCode.treatment.in_(CHARGED))
    )
    found = db.session.execute(taxed.group_by(Document.id).having(net > 0).order_by(Document.id.desc()).limit(1))
    return next((Charged(str(number), int(tax or 0), int(pence)) for number, tax, pence in found), None)


Nets = Sequence[tuple[int, int | None]]
"""What lines come to, in pence, each with the id of its tax code."""


def expected(client_id: int | None, entity_id: int, nets: Nets) -> int | None:
    """The tax (pence) that we expect on such lines; None where nothing is known to go by.

    Nothing on what is not taxed; else as this client was charged last; else by the rates of the tax codes.
    """
    codes = {code.id: code for code in db.session.scalars(select(TaxCode)) if code.is_charged}
    rated = [(net, codes[code].charged_percent) for net, code in nets if code in codes]
    if not rated:
        return 0
    before = last_charged(client_id, entity_id)
    if before is not None:
        return share(sum(net for net, _percent in rated), before.percent)
    return totals(rated).tax_pence if all(percent for _net, percent in rated) else None


def expected_of(document: Document) -> int | None:
    """The same of what a document contains now; of one that is being changed, what was said of it before counts."""
    nets = [(line.net_pence, line.tax_code_id) for line in document.lines]
    with db.session.no_autoflush:
        return expected(document.client_id, document.entity.id, nets)


def lay_on(document: Document, tax_pence: int) -> None:
    """Divide a tax over the taxed lines by what each comes to, exact to the penny; the others bear none of it.

    Where no line is taxed nothing can be laid anywhere: then the lines come to less than the document's tax.
    """
    taxable = taxable_ids()
    bearing = [line for line in document.lines if line.tax_code_id in taxable and not line.is_comment]
    for line in document.lines:
        line.tax_pence = None if line.is_comment else 0
    for line, part in zip(bearing, _parts(tax_pence, bearing), strict=True):
        line.tax_pence = part


def _parts(tax_pence: int, bearing: Sequence[DocumentLine]) -> list[int]:
    nets = [line.net_pence for line in bearing]
    weights = nets if sum(nets) else [abs(net) for net in nets]
    return split(tax_pence, weights) if bearing else []
