"""The shop's rows become documents, or refusals with lines and reasons."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest

from app.billing.importing.profiles import RETAIL
from app.billing.importing.records import FileDocument, Understood, ranges
from app.billing.importing.understanding import understand
from app.billing.kinds import DocumentKind
from tests.billing.importing.files import retail, row


def read(*rows: str) -> list[Understood]:
    return understand(io.BytesIO(retail(*rows)), RETAIL)


def document(*rows: str) -> FileDocument:
    (one,) = read(*rows)
    assert one.document is not None, one.refusals
    return one.document


def test_rows_of_one_number_belong_together_wherever_they_stand() -> None:
    first, second = read(row("1"), row("2"), row("1"))
    assert (first.lines, second.lines) == ((2, 4), (3,))


def test_identical_lines_and_lines_at_price_nought_are_kept() -> None:
    assert len(document(row(), row(), row(price="0")).lines) == 3


def test_a_number_with_c_is_a_credit_note_with_positive_quantities() -> None:
    credit = document(row("C536379", quantity="-1"))
    assert (credit.kind, credit.number, credit.lines[0].quantity) == (DocumentKind.CREDIT_NOTE, "C536379", Decimal(1))


@pytest.mark.parametrize(
    ("country", "code"), [("United Kingdom", "20.0% S"), ("EIRE", "0.0% Z"), ("united kingdom", "0.0% Z")]
)
def test_the_country_decides_the_tax(country: str, code: str) -> None:
    assert document(row().replace("United Kingdom", country)).lines[0].tax_code == code


def test_a_sale_without_customer_is_a_cash_sale() -> None:
    assert document(row().replace("17850", "")).client.name == "Cash sales"


@pytest.mark.parametrize(
    ("rows", "code", "lines", "reason"),
    [
        ([row(price="0")], "zero_total", (2,), "the total is zero"),
        ([row(), row(quantity="-6")], "zero_total", (2, 3), "the total is zero"),
        ([row("A563185")], "number", (2,), "the number A563185 begins with A"),
        ([row(), row(price="-11062.06")], "negative_price", (3,), "the unit price -11062.06 is below nought"),
        ([row(quantity="-6")], "negative_total", (2,), "below nought"),
        ([row(""), row("")], "number", (2, 3), "has no number"),
        ([row("1" * 41)], "number", (2,), "more than 40 characters"),
        ([row(quantity="six")], "bad_quantity", (2,), "Quantity: 'six' is not a number"),
        ([row().replace("2010-12-01 08:26:00", "")], "bad_issued", (2,), "has no date"),
        ([row().replace("HEART", "HEART, RED")], "cells", (2,), "more or fewer cells"),
    ],
)
def test_what_can_not_be_taken_is_refused_with_line_and_reason(
    rows: list[str], code: str, lines: tuple[int, ...], reason: str
) -> None:
    (one,) = read(*rows)
    refusal = one.refusals[0]
    assert (one.document, refusal.code, refusal.lines) == (None, code, lines)
    assert reason in refusal.reason


def test_the_fingerprint_looks_at_the_content_and_not_at_the_place() -> None:
    moved = read(row("9"), row())[1].document
    assert moved is not None
    assert moved.digest() == document(row()).digest()
    assert document(row(price="2.56")).digest() != moved.digest()


def test_lines_are_told_in_ranges() -> None:
    assert ranges([12, 14, 13, 40, 40]) == "12-14, 40"
