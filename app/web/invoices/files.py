"""A list of documents as a file, for whoever does the accounts."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from app.billing import for_files
from app.billing.document import Document
from app.billing.queries import DocumentFilter
from app.foundation.money import to_pounds
from app.web.invoices.room import Room
from app.web.invoices.states import state_of
from app.web.slowly import AT_ONCE, rows_of
from app.web.spreadsheet import csv_file

_NAMED = ("Number", "Client", "Issued", "Due", "Status", "Currency")
_AMOUNTS = ("Net", "Tax", "Total", "Settled", "Still open")


def as_file(wanted: DocumentFilter, room: Room) -> Response:
    """All that the filter of a list finds, drafts too, the first written first."""
    rows = rows_of(lambda after: for_files.documents(wanted, after=after, most=AT_ONCE), _row)
    return csv_file(f"{room.nouns.replace(' ', '-')}.csv", (*_NAMED, *_AMOUNTS), rows)


def _row(document: Document) -> Iterator[object]:
    yield from (document.number or "", document.client.name if document.client else "")
    yield from (document.issue_date, document.due_date, state_of(document.kind, document.status)[1], document.currency)
    tax = document.tax_pence + document.rounding_adjustment_pence  # what the books round lies in the tax
    sums = (document.net_pence, tax, document.owed_pence, document.settled_pence, document.balance_pence)
    yield from map(to_pounds, sums)
