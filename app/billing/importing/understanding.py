"""Rows into documents by a profile: pure, and deaf to what is in the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, BinaryIO

from app.billing.importing.profiles import Cells, Profile
from app.billing.importing.reader import Row, read_rows
from app.billing.importing.records import FileClient, FileDocument, FileLine, Refusal, RefusedError, Understood
from app.billing.kinds import DocumentKind
from app.billing.totals import line_amounts

MAX_NUMBER = 40
"""As many characters as a number may have here; the accounting side may allow fewer."""

_NOUGHT = Decimal(0)


def understand(stream: BinaryIO, profile: Profile) -> list[Understood]:
    """All documents of a file, in the order of their first lines. Raises BadInputError for an unreadable file."""
    groups: dict[str, list[Row]] = {}
    pool: dict[str, str] = {}
    heading = profile.columns["number"].heading
    for row in read_rows(stream, profile.required):
        # Most cells repeat; one copy of each keeps a large file small in memory.
        slim = row._replace(cells={name: pool.setdefault(cell, cell) for name, cell in row.cells.items()})
        groups.setdefault(row.cells[heading].strip(), []).append(slim)
    return [_understand_one(profile, number, rows) for number, rows in groups.items()]


def _understand_one(profile: Profile, number: str, rows: list[Row]) -> Understood:
    lines = tuple(row.line for row in rows)
    try:
        return Understood(number, lines, _document(profile, number, rows))
    except RefusedError as refused:
        return Understood(number, lines, None, refused.refusals)


def _document(profile: Profile, number: str, rows: list[Row]) -> FileDocument:
    parsed = _parsed(profile, rows)
    lines = tuple(row.line for row in rows)
    _refuse(_number_refusals(number, lines))
    _refuse(_disagreements(profile, rows, parsed))
    first = parsed[0]
    try:
        kind = profile.kind(first)
    except ValueError as problem:
        raise RefusedError([Refusal("number", str(problem), lines)]) from problem
    client = profile.client(first)
    _refuse(_cell_refusals(rows, parsed, client))
    document = FileDocument(
        number=number,
        kind=kind,
        client=client,
        issue_date=first["issued"],
        due_date=first.get("due"),
        term=first.get("term") or "",
        currency=first.get("currency") or None,
        memo=first.get("memo") or "",
        lines=tuple(_line(profile, row.line, cells) for row, cells in zip(rows, parsed, strict=True)),
    )
    return _with_sign(profile, document)


def _parsed(profile: Profile, rows: list[Row]) -> list[dict[str, Any]]:
    problems: list[Refusal] = []
    parsed = [_cells(profile, row, problems) for row in rows]
    _refuse(problems)
    return parsed


def _cells(profile: Profile, row: Row, problems: list[Refusal]) -> dict[str, Any]:
    if not row.whole:
        problems.append(Refusal("cells", "the row has more or fewer cells than the header", (row.line,)))
    cells: dict[str, Any] = {}
    for name, column in profile.columns.items():
        try:
            cells[name] = column.parse(row.cells.get(column.heading, ""))
        except ValueError as problem:
            problems.append(Refusal(f"bad_{name}", f"{column.heading}: {problem}", (row.line,)))
    return cells


def _number_refusals(number: str, lines: tuple[int, ...]) -> Iterator[Refusal]:
    if not number:
        yield Refusal("number", "the row has no number", lines)
    if len(number) > MAX_NUMBER:
        yield Refusal("number", f"the number has more than {MAX_NUMBER} characters", lines)


def _disagreements(profile: Profile, rows: list[Row], parsed: list[dict[str, Any]]) -> Iterator[Refusal]:
    for name in profile.same:
        for row, cells in zip(rows, parsed, strict=True):
            if cells[name] and cells[name] != parsed[0][name]:
                heading = profile.columns[name].heading
                yield Refusal("disagree", f"{heading} differs from the document's first row", (row.line,))


def _cell_refusals(rows: list[Row], parsed: list[dict[str, Any]], client: FileClient) -> Iterator[Refusal]:
    if parsed[0]["issued"] is None:
        yield Refusal("bad_issued", "the document has no date", (rows[0].line,))
    if not client.name:
        yield Refusal("client", "the document has no client", (rows[0].line,))
    for row, cells in zip(rows, parsed, strict=True):
        if cells["unit_price"] is not None and cells["unit_price"] < 0:
            yield Refusal("negative_price", f"the unit price {cells['unit_price']} is below nought", (row.line,))


def _line(profile: Profile, at: int, cells: Cells) -> FileLine:
    return FileLine(
        at=at,
        description=cells["description"],
        service=cells["service"],
        quantity=cells["quantity"],
        unit_price=cells["unit_price"],
        discount_percent=cells.get("discount") or _NOUGHT,
        tax_code=profile.tax_code(cells),
    )


def _with_sign(profile: Profile, document: FileDocument) -> FileDocument:
    net = sum(line_amounts(line.quantity, line.unit_price, line.discount_percent).net_pence for line in document.lines)
    lines = tuple(line.at for line in document.lines)
    if net == 0 and not profile.takes_zero:
        raise RefusedError([Refusal("zero_total", "the total is zero", lines)])
    if net >= 0:
        return document
    if document.kind is DocumentKind.INVOICE and not profile.negative_is_credit:
        raise RefusedError([Refusal("negative_total", "the total of an invoice is below nought", lines)])
    turned = tuple(_turned(line) for line in document.lines)
    return replace(document, kind=DocumentKind.CREDIT_NOTE, lines=turned)


def _turned(line: FileLine) -> FileLine:
    return line if line.quantity is None else replace(line, quantity=-line.quantity)


def _refuse(refusals: Iterable[Refusal]) -> None:
    found = tuple(refusals)
    if found:
        raise RefusedError(found)
