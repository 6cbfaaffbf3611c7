"""The record of a list that an offer is about."""

from __future__ import annotations

from app.foundation.errors import ConflictError
from app.quickbooks import catalogue
from app.quickbooks.models import CatalogueRow
from app.sync.importing.offers import Offer, Place


def row_of(place: Place, entity: str, offer: Offer) -> CatalogueRow:
    """The record as it was last read. Raises ConflictError where it is gone."""
    row = catalogue.by_id(place.connection.id, entity, offer.key.lstrip("0") or "0")
    if row is None or not row.active:
        raise ConflictError(f"“{offer.name}” is not active in QuickBooks any more.")
    return row
