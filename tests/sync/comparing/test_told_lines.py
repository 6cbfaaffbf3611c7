"""Lines that a bookkeeper changed in QuickBooks are named by the comparison, one by one."""

from __future__ import annotations

from typing import Any

from app.billing.document import Document
from app.quickbooks import catalogue
from app.sync.comparing.drifts import Drift, DriftCause
from tests.sync.books import Books


def edit_lines(books: Books, document: Document, lines: list[dict[str, Any]]) -> None:
    """The bookkeeper saves it with other lines."""
    books.simulation.handle("Invoice", books.remote_id(document), "edit", Line=lines)


def sold(books: Books, document: Document) -> list[dict[str, Any]]:
    lines = books.simulation.record("Invoice", books.remote_id(document))["Line"]
    return [line for line in lines if line["DetailType"] == "SalesItemLineDetail"]


def only(books: Books) -> Drift:
    books.compare()
    (drift,) = books.drifts()
    return drift


def test_a_quantity_changed_there_is_named_with_its_line(books: Books) -> None:
    invoice = books.firm.open(books.firm.line("10"), books.firm.line("20", "2"))
    books.send()
    lines = sold(books, invoice)
    lines[1]["SalesItemLineDetail"]["Qty"], lines[1]["Amount"] = 3, 60
    edit_lines(books, invoice, lines)
    drift = only(books)
    assert drift.cause is DriftCause.QUANTITY
    assert drift.explanation == "Line 2 “Support”: 2 at 20.00, £40.00 here, 3 at 20.00, £60.00 there."


def test_a_line_added_there_and_one_taken_out_are_named(books: Books) -> None:
    longer, shorter = (books.firm.open(books.firm.line("10"), books.firm.line("20")) for _ in range(2))
    books.send()
    lines = sold(books, longer)
    edit_lines(books, longer, [*lines, {**lines[0], "Id": None, "Description": "Toner"}])
    edit_lines(books, shorter, sold(books, shorter)[1:])
    books.compare()
    told = [(drift.cause, drift.explanation) for drift in books.drifts()]
    assert told == [
        (DriftCause.LINE_ADDED, "Line 3 “Toner” was added there: 1 at 10.00, £10.00."),
        (DriftCause.LINE_REMOVED, "Line 1 “Support” is not there any more: 1 at 10.00, £10.00."),
    ]


def test_a_tax_code_changed_there_is_named_by_both_names(books: Books) -> None:
    invoice = books.invoice()
    lines = sold(books, invoice)
    zero = next(row for row in catalogue.all_active(books.connection_id, "TaxCode") if row.name == "0.0% Z")
    lines[0]["SalesItemLineDetail"]["TaxCodeRef"] = {"value": zero.remote_id}
    edit_lines(books, invoice, lines)
    drift = only(books)
    assert (drift.cause, drift.ours, drift.theirs) == (DriftCause.TAX_CODE, "£120.00", "£100.00")
    assert drift.explanation == "Line 1 “Support”: 20.0% S here, 0.0% Z there."
