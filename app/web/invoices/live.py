"""What of a document's page keeps itself up to date: an answer of QuickBooks or a payment may arrive at any moment."""

from __future__ import annotations

from zlib import crc32

from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.billing.timeline import last_entry_id
from app.web.invoices.standings import Shown

SECONDS = {True: 3, False: 15}
"""Between two looks: while it is on its way, and at rest."""


def revision_of(document: Document, now: Shown) -> str:
    """Changes when anything of it does; every change leaves a line in the timeline or moves the standing."""
    seen = (now.revision, document.status, document.revision, document.settled_pence, document.kept_back)
    return f"{crc32(repr((*seen, last_entry_id(document.subject))).encode()):x}"


def is_still(document: Document) -> bool:
    """Whether nothing can come from outside: nobody but us knows of a draft."""
    return document.status is DocumentStatus.DRAFT
