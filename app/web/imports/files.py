"""Files to take away: what was refused, and a small example of each profile."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from flask import Response
from sqlalchemy import select

from app.billing.importing.profiles import Profile
from app.billing.importing.run import ImportRefusal, ImportRun
from app.foundation.database import db

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_SAMPLES: dict[str, list[dict[str, str]]] = {
    "standard": [
        {
            "InvoiceNo": "2026-0001",
            "InvoiceDate": "2026-03-31",
            "Terms": "Net 30",
            "Client": "Acme Ltd",
            "Service": "M365-BP",
            "Description": "Microsoft 365 Business Premium, March",
            "Quantity": "12",
            "UnitPrice": "16.60",
            "TaxCode": "20.0% S",
        },
        {
            "InvoiceNo": "2026-0001",
            "InvoiceDate": "2026-03-31",
            "Client": "Acme Ltd",
            "Service": "BACKUP-GB",
            "Description": "Cloud backup, by the gigabyte",
            "Quantity": "1840",
            "UnitPrice": "0.0374500",
            "DiscountPercent": "5",
            "TaxCode": "20.0% S",
        },
        {"InvoiceNo": "2026-0001", "InvoiceDate": "2026-03-31", "Client": "Acme Ltd", "Description": "Thank you."},
        {
            "InvoiceNo": "2026-0002",
            "Kind": "Credit note",
            "InvoiceDate": "2026-03-31",
            "Client": "Bolt & Co",
            "ClientEmail": "accounts@bolt.example",
            "Service": "SUPPORT",
            "Description": "Support charged twice",
            "Quantity": "1.5",
            "UnitPrice": "85",
            "TaxCode": "20.0% S",
        },
    ],
    "retail": [
        {
            "InvoiceNo": "536365",
            "StockCode": "85123A",
            "Description": "WHITE HANGING HEART T-LIGHT HOLDER",
            "Quantity": "6",
            "InvoiceDate": "2010-12-01 08:26:00",
            "UnitPrice": "2.55",
            "CustomerID": "17850",
            "Country": "United Kingdom",
        },
        {
            "InvoiceNo": "C536379",
            "StockCode": "D",
            "Description": "Discount",
            "Quantity": "-1",
            "InvoiceDate": "2010-12-01 09:41:00",
            "UnitPrice": "27.50",
            "CustomerID": "14527",
            "Country": "United Kingdom",
        },
    ],
}


def refusals_csv(run: ImportRun) -> Response:
    """All refusals of a run, in the order of the file."""
    rows = select(ImportRefusal).where(ImportRefusal.run_id == run.id).order_by(ImportRefusal.id)
    found = ((row.number, row.lines, row.code, row.reason) for row in db.session.scalars(rows))
    return _file(f"import-{run.id}-refused.csv", ("Number", "Lines", "Code", "Reason"), found)


def sample_csv(profile: Profile) -> Response:
    """An example with all columns of the profile."""
    headings = [column.heading for column in profile.columns.values()]
    rows = ([row.get(heading, "") for heading in headings] for row in _SAMPLES[profile.name])
    return _file(f"counterfoil-{profile.name}.csv", headings, rows, guarded=False)


def _file(name: str, headings: Iterable[str], rows: Iterable[Iterable[str]], *, guarded: bool = True) -> Response:
    """A CSV file with the mark by which spreadsheets know UTF-8."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(headings)
    table.writerows(_guarded(row) if guarded else row for row in rows)
    disposition = f'attachment; filename="{name}"'
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers={"Content-Disposition": disposition})


def _guarded(row: Iterable[str]) -> Iterator[str]:
    """A cell that a spreadsheet would run as a formula gets an apostrophe in front."""
    for cell in row:
        yield f"'{cell}" if cell.startswith(_FORMULA) else cell
