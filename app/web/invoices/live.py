"""What of a document's page keeps itself up to date: an answer of QuickBooks or a payment may arrive at any moment."""

from __future__ import annotations

from zlib import crc32

from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.billing.timeline import last_entry_id
from app.web.invoices.sales_tax import is_awaited
from app.web.invoices.standings import Shown, differences

_MOVING, _AT_REST, _AWAITED = 3, 15, 1


def seconds_between(document: Document, now: Shown) -> int:
    """Between two looks: while it is on its way, and at rest; short while somebody waits for its tax."""
    if not now.moves:
        return _AT_REST
    return _AWAITED if is_awaited(document) else _MOVING


def revision_of(document: Document, now: Shown) -> str:
    """Changes when anything of it does; but for differences every change leaves a line in the timeline or moves it."""
    seen = (now.revision, document.status, document.revision, document.settled_pence, document.kept_back)
    taxed = (document.awaits_tax, document.tax_pence)
    differs = [drift.id for drift in differences(document, now)]
    return f"{crc32(repr((*seen, *taxed, *differs, last_entry_id(document.subject))).encode()):x}"


def is_still(document: Document) -> bool:
    """Whether nothing can come from outside: nobody but us knows of a draft."""
    return document.status is DocumentStatus.DRAFT
