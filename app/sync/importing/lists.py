"""The lists that can be imported, in the order in which they build on each other; and taking some of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.billing.timeline import Actor
from app.foundation.database import db
from app.foundation.errors import PortalError
from app.sync.importing import customers, items, tax_codes, terms
from app.sync.importing.offers import Offer, Place, Source, Tally

SOURCES: Mapping[str, Source] = {
    "terms": terms.SOURCE,
    "tax-codes": tax_codes.SOURCE,
    "items": items.SOURCE,
    "customers": customers.SOURCE,
}
"""By the name in the address; what stands further down names what stands above it."""


def take(place: Place, source: Source, keys: Collection[str], actor: Actor) -> Tally:
    """Take those of the records named that can still be taken, in the caller's transaction; others change nothing.

    Each is judged anew, so that a page that is old makes nothing twice. One that can't be taken stops no other.
    """
    db.session.refresh(place.connection, with_for_update=True)
    done = Tally()
    for offer in [one for one in source.look(place) if one.key in keys and one.may_be_taken]:
        if why := _taken(place, source, offer, actor):
            done.refused.append((offer.name, why))
        else:
            done.note(offer.standing)
    return done


def _taken(place: Place, source: Source, offer: Offer, actor: Actor) -> str:
    """Take one; returns why not."""
    try:
        with db.session.begin_nested():
            source.take(place, offer, actor)
    except PortalError as problem:
        return problem.message
    return ""
