"""Tax codes in QuickBooks as tax codes of ours: those that are charged on sales and whose rate and kind are known.

Intuit has no field for the kind of tax. It is told from the rate and the code's own words, and where they do not tell
it the code is left out: a wrong treatment would stand on a tax return.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select

from app.billing import catalogue
from app.billing.catalogue_fields import TaxCodeFields
from app.billing.tax import TaxCode, Treatment
from app.billing.timeline import Actor
from app.foundation.database import db
from app.quickbooks.catalogue import Record
from app.quickbooks.models import SalesTax
from app.sync.importing import mapped
from app.sync.importing.mapped import Kind, free_name
from app.sync.importing.offers import Difference, Offer, Place, Source, Standing
from app.sync.importing.rows import row_of
from app.sync.judging import choices
from app.sync.judging.suggestions import CHARGED, Wanted, suggest_tax_code, treatment_of
from app.sync.mapping import choosing
from app.sync.records.mappings import MappingKind

_LONGEST_CODE = 30
_LONGEST_NAME = 120
_STANDARD_FROM = Decimal(15)
"""No standard rate in the European Union lies below it (Directive 2006/112/EC, article 97), and no reduced one of the
United Kingdom above it. Both are charged alike, so this only decides which word stands beside the rate."""


def look(place: Place) -> list[Offer]:
    """Every active tax code. A rate that differs is never taken over: each code keeps the rate it was opened with."""
    return [_settled(offer) for offer in mapped.look(place, _KIND, _differences)]


def take(place: Place, offer: Offer, actor: Actor) -> None:
    """Make or map the tax code, in the caller's transaction."""
    row = row_of(place, "TaxCode", offer)
    our_id = offer.our_id or _made(row, actor).id
    choosing.choose(place.connection, MappingKind.TAX_CODE, our_id, row.remote_id, by=actor.name)


def _settled(offer: Offer) -> Offer:
    if offer.standing is not Standing.DIFFERS:
        return offer
    return replace(offer, held=True, note="Choose another code for it under Tax codes, or correct one of the rates.")


def _made(row: Record, actor: Actor) -> TaxCode:
    taken = Counter(code.casefold() for code in db.session.scalars(select(TaxCode.code)))
    fields = TaxCodeFields(
        code=free_name(row.name, row.remote_id, taken, most=_LONGEST_CODE),
        name=str(row.data.get("description") or row.name)[:_LONGEST_NAME],
        rate_percent=row.rate or Decimal(0),
        treatment=_treatment(row),
    )
    return catalogue.create_tax_code(fields, actor=actor)


def _treatment(row: Record) -> Treatment:
    told = treatment_of(choices.candidate(row))
    if told == CHARGED:
        return Treatment.STANDARD if (row.rate or 0) >= _STANDARD_FROM else Treatment.REDUCED
    return Treatment(told)


def _fault(place: Place, row: Record) -> str:
    if place.connection.sales_tax is SalesTax.US_AST:
        return "QuickBooks computes the sales tax of this company itself; lines only say whether they are taxable."
    if row.data.get("hidden"):
        return "It is hidden in QuickBooks."
    if row.rate is None:
        return "Its rate on sales is not known. Read the lists again."
    return "" if treatment_of(choices.candidate(row)) else "Its name does not tell what kind of tax it is."


def _differences(ours: TaxCode, row: Record) -> tuple[Difference, ...]:
    if not choices.other_rate(ours.charged_percent, row):
        return ()
    return (Difference("Rate", choices.percentage(ours.charged_percent), choices.percentage(row.rate or Decimal(0))),)


_KIND = Kind(
    kind=MappingKind.TAX_CODE,
    table=TaxCode,
    wanted=lambda row: Wanted(
        code=row.code, name=row.name, percent=Decimal(row.charged_percent), treatment=row.treatment.value
    ),
    suggest=suggest_tax_code,
    fault=_fault,
    beside=lambda row: str(row.data.get("description") or ""),
    called=lambda row: row.code,
)
SOURCE = Source(look, take)
