"""Terms in QuickBooks as payment terms of ours: those that count days; a day of the month has no counterpart here."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from app.billing import catalogue
from app.billing.catalogue_fields import TermFields
from app.billing.terms import PaymentTerm
from app.billing.timeline import Actor
from app.foundation.database import db
from app.quickbooks.catalogue import Record
from app.sync.importing import mapped
from app.sync.importing.mapped import Kind, free_name
from app.sync.importing.offers import Difference, Offer, Place, Source, Standing, differing
from app.sync.importing.rows import row_of
from app.sync.judging.suggestions import Wanted, suggest_term
from app.sync.mapping import choosing
from app.sync.records.mappings import MappingKind

_LONGEST = 60


def look(place: Place) -> list[Offer]:
    """Every active term."""
    return mapped.look(place, _KIND, _differences)


def take(place: Place, offer: Offer, actor: Actor) -> None:
    """Make, map or change the payment term, in the caller's transaction."""
    row = row_of(place, "Term", offer)
    if offer.standing is Standing.DIFFERS:
        term = db.session.get_one(PaymentTerm, offer.our_id)
        catalogue.take_over(term, TermFields(term.name, int(row.data["due_days"])), actor=actor)
        return
    our_id = offer.our_id or _made(row, actor).id
    choosing.choose(place.connection, MappingKind.TERM, our_id, row.remote_id, by=actor.name)


def _made(row: Record, actor: Actor) -> PaymentTerm:
    taken = Counter(name.casefold() for name in db.session.scalars(select(PaymentTerm.name)))
    name = free_name(row.name, row.remote_id, taken, most=_LONGEST)
    return catalogue.create_term(TermFields(name, int(row.data["due_days"])), actor=actor)


def _fault(_place: Place, row: Record) -> str:
    if row.data.get("type") == "DATE_DRIVEN":
        return "It is due on a day of the month; payment terms here count days."
    return "" if "due_days" in row.data else "It names no number of days."


def _differences(ours: PaymentTerm, row: Record) -> tuple[Difference, ...]:
    return differing([("Days", str(ours.due_days), str(row.data.get("due_days", "")))])


def _beside(row: Record) -> str:
    return f"{row.data['due_days']} days" if "due_days" in row.data else ""


_KIND = Kind(
    kind=MappingKind.TERM,
    table=PaymentTerm,
    wanted=lambda row: Wanted(code=row.name, name=row.name, days=row.due_days),
    suggest=suggest_term,
    fault=_fault,
    beside=_beside,
    called=lambda row: row.name,
)
SOURCE = Source(look, take)
