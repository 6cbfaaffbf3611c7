"""Rows as a CSV file that a spreadsheet opens as it is, and in which no cell can run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

MOST_ROWS = 50_000
_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(name: str, headings: Sequence[str], rows: Iterable[Iterable[object]]) -> Response:
    """The file as a download; the mark at its head tells spreadsheets that it is UTF-8."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(headings)
    table.writerows([_cell(value) for value in row] for row in rows)
    disposition = f'attachment; filename="{name}"'
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers={"Content-Disposition": disposition})


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    is_number = text.lstrip("-").replace(".", "", 1).isdigit()
    return f"'{text}" if text.startswith(_RUNS_AS_FORMULA) and not is_number else text
