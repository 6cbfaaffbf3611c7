"""The two links beside a document's standing: where its trouble is mended, and the record in QuickBooks itself."""

from __future__ import annotations

from typing import NamedTuple

from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.sync.drain import connection_of
from app.sync.standing import Standing
from app.web.books import books_url
from app.web.quickbooks.fixes import Fix, fix_link

_RECORDS = {DocumentKind.INVOICE: "Invoice", DocumentKind.CREDIT_NOTE: "CreditMemo"}


class Ways(NamedTuple):
    """Links; None where there is nothing to mend, or no page for it."""

    fix: Fix | None
    books: str | None


def ways_from(document: Document, standing: Standing) -> Ways:
    """Where to go from a document's standing. A blocker that is the document itself leads nowhere: we are there."""
    itself = f"{document.subject.kind}:{document.id}"
    fix = fix_link(blocker=standing.blocker) if standing.blocker not in {"", itself} else None
    connection = connection_of(document.entity.lane)
    if connection is None or not standing.remote_id:
        return Ways(fix, None)
    return Ways(fix, books_url(connection.id, _RECORDS[document.kind], standing.remote_id))
