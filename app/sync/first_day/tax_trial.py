"""A test calculation: the tax on a sale as we reckon it, and as QuickBooks does by what it has told us.

Nothing is asked and nothing is sent: QuickBooks computes a tax only on a document, and a document would stay there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from app.billing import sales_tax
from app.billing.entity import BillingEntity, TaxRegime
from app.billing.tax import TaxCode
from app.billing.totals import totals
from app.billing.wording import amount
from app.foundation.money import share
from app.quickbooks import catalogue
from app.quickbooks.catalogue import Record, Shown
from app.quickbooks.models import Connection, SalesTax
from app.sync.judging import choices
from app.sync.records.mappings import MappingKind, mapping_of

_ENTITY = "TaxCode"
_NO_PLACES = frozenset({"TAX", "NON", "CustomSalesTax"})
"""What a line says, listed among the tax codes as if it were one (reference 3.7)."""


@dataclass(frozen=True)
class Sale:
    """What is tried: so many lines alike, each of so many pence net, under a tax code, to a client or a place."""

    line_pence: int
    lines: int
    code: TaxCode
    client_id: int | None = None
    place: str = ""
    """The id of one of the company's sales taxes, such as that of a state."""

    @property
    def net_pence(self) -> int:
        """All lines together."""
        return self.line_pence * self.lines


@dataclass(frozen=True)
class Reckoned:
    """A tax in pence, None where it can't be known, and how it comes about."""

    tax_pence: int | None
    because: str
    blocker: str = ""
    """What is missing, as readiness names it."""


@dataclass(frozen=True)
class Trial:
    """Both sides of a sale."""

    net_pence: int
    here: Reckoned
    there: Reckoned

    @property
    def apart_pence(self) -> int:
        """Their tax less ours; nought where one of them is not known."""
        if self.here.tax_pence is None or self.there.tax_pence is None:
            return 0
        return self.there.tax_pence - self.here.tax_pence


def calculate(entity: BillingEntity, connection: Connection, sale: Sale) -> Trial:
    """Reckon it for both sides."""
    return Trial(sale.net_pence, _HERE[entity.tax_regime](entity, sale), _THERE[connection.sales_tax](connection, sale))


def places(connection: Connection) -> list[Shown]:
    """The company's own sales taxes that have a rate, in alphabetical order; none where lines name tax codes."""
    if connection.sales_tax is not SalesTax.US_AST:
        return []
    rows = catalogue.all_active(connection.id, _ENTITY)
    return [row for row in rows if row.rate is not None and row.remote_id not in _NO_PLACES]


def _by_our_codes(_entity: BillingEntity, sale: Sale) -> Reckoned:
    percent = sale.code.charged_percent
    tax = totals([(sale.line_pence, percent)] * sale.lines).tax_pence
    return Reckoned(tax, f"{choices.percentage(percent)} by our tax code {sale.code.code}, on the sum of all lines.")


def _as_last_time(entity: BillingEntity, sale: Sale) -> Reckoned:
    tax = sales_tax.expected(sale.client_id, entity.id, [(sale.net_pence, sale.code.id)])
    if tax is None:
        return Reckoned(None, "We wait for QuickBooks: nothing is known to go by yet.")
    return Reckoned(tax, "Held against what QuickBooks says; its tax counts.")


def _nothing_here(_entity: BillingEntity, _sale: Sale) -> Reckoned:
    return Reckoned(0, "The billing entity charges no tax.")


def _by_their_code(connection: Connection, sale: Sale) -> Reckoned:
    chosen = mapping_of(connection.id, MappingKind.TAX_CODE, sale.code.id)
    if chosen is None:
        missing = f"tax_code:{sale.code.id}"
        return Reckoned(None, f"Our tax code {sale.code.code} is not mapped to one of QuickBooks yet.", missing)
    row = catalogue.by_id(connection.id, _ENTITY, chosen.remote_id)
    if row is None or row.rate is None:
        return Reckoned(None, f"The lists of QuickBooks tell no rate of its tax code {chosen.remote_name}.")
    label = choices.label(row.name, row.rate)
    return Reckoned(share(sale.net_pence, row.rate), f"By its tax code {label}, on the sum of all lines.")


def _automated(connection: Connection, sale: Sale) -> Reckoned:
    if not sale.code.is_charged:
        return Reckoned(0, "The line goes as NON, not taxable, and bears no tax.")
    before = sales_tax.last_charged(sale.client_id, connection.billing_entity_id)
    if before is not None:
        tax, net = (amount(pence, connection.home_currency) for pence in (before.tax_pence, before.net_pence))
        said = f"The line goes as TAX. QuickBooks said {tax} on {net} of {before.number}, the last of this client."
        return Reckoned(share(sale.net_pence, before.percent), said)
    row = catalogue.by_id(connection.id, _ENTITY, sale.place) if sale.place else None
    if row is not None and row.rate is not None:
        return _at(row, row.rate, sale)
    return Reckoned(None, "The line goes as TAX. QuickBooks has taxed nothing of this client yet; choose a place.")


def _at(row: Record, rate: Decimal, sale: Sale) -> Reckoned:
    """By a list that may lag behind: which tax a document gets, QuickBooks decides by the address on it."""
    said = f"The line goes as TAX. The lists of QuickBooks have {choices.label(row.name, rate)}."
    return Reckoned(share(sale.net_pence, rate), said)


def _nothing_there(_connection: Connection, _sale: Sale) -> Reckoned:
    return Reckoned(0, "QuickBooks adds no tax by itself in this company.")


_HERE: dict[TaxRegime, Callable[[BillingEntity, Sale], Reckoned]] = {
    TaxRegime.UK: _by_our_codes,
    TaxRegime.US_AUTOMATED: _as_last_time,
    TaxRegime.NONE: _nothing_here,
}
_THERE: dict[SalesTax, Callable[[Connection, Sale], Reckoned]] = {
    SalesTax.UK: _by_their_code,
    SalesTax.US_AST: _automated,
    SalesTax.US_MANUAL: _nothing_there,
    SalesTax.NONE: _nothing_there,
}
