"""What stands against opening a document."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.billing.content import DocumentContent, LineContent
from app.billing.entity import TaxRegime
from app.billing.faults import content_faults, decimals
from app.billing.kinds import DocumentKind

GOOD = LineContent("Support", service_id=1, quantity=Decimal(1), unit_price=Decimal(10), tax_code_id=1)


def faults(
    *lines: LineContent, regime: TaxRegime = TaxRegime.UK, due: date | None = None
) -> list[tuple[int | None, str]]:
    content = DocumentContent(client_id=1, issue_date=date(2026, 3, 2), due_date=due, lines=lines)
    return [(fault.line, fault.field) for fault in content_faults(content, DocumentKind.INVOICE, regime)]


def changed(**said: object) -> LineContent:
    return LineContent(**{**{name: getattr(GOOD, name) for name in GOOD.__slots__}, **said})


def test_a_good_line_and_a_comment_may_go() -> None:
    assert faults(GOOD, LineContent("As agreed on the phone.")) == []


def test_the_uk_refuses_a_line_without_service_or_tax_code() -> None:
    assert faults(changed(service_id=None, tax_code_id=None)) == [(1, "service_id"), (1, "tax_code_id")]


@pytest.mark.parametrize(("regime", "missing"), [(TaxRegime.US_AUTOMATED, [(1, "tax_code_id")]), (TaxRegime.NONE, [])])
def test_who_charges_tax_says_of_each_line_whether_it_is_taxed(
    regime: TaxRegime, missing: list[tuple[int, str]]
) -> None:
    assert faults(changed(tax_code_id=None), regime=regime) == missing


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"quantity": Decimal(0)}, "quantity"),
        ({"quantity": None}, "quantity"),
        ({"unit_price": None}, "unit_price"),
        ({"unit_price": Decimal("0.12345678")}, "unit_price"),
        ({"discount_percent": Decimal(101)}, "discount_percent"),
        ({"discount_percent": Decimal(-1)}, "discount_percent"),
    ],
)
def test_each_number_of_a_line_must_make_sense(said: dict[str, object], field: str) -> None:
    assert faults(GOOD, changed(**said)) == [(2, field)]


def test_a_price_below_nought_is_refused_even_where_the_total_is_not() -> None:
    assert faults(GOOD, changed(unit_price=Decimal(-1))) == [(2, "unit_price")]


def test_a_document_without_client_lines_or_sense_of_time_is_refused() -> None:
    nothing = DocumentContent(client_id=None, issue_date=date(2026, 3, 2), due_date=date(2026, 3, 1))
    found = content_faults(nothing, DocumentKind.INVOICE, TaxRegime.UK)
    assert [fault.field for fault in found] == ["client_id", "lines", "due_date"]


def test_a_comment_says_something() -> None:
    assert faults(GOOD, LineContent(" ")) == [(2, "description")]


def test_a_credit_note_below_nought_is_told_to_turn_its_quantities() -> None:
    content = DocumentContent(client_id=1, issue_date=date(2026, 3, 2), lines=(changed(quantity=Decimal(-1)),))
    (fault,) = content_faults(content, DocumentKind.CREDIT_NOTE, TaxRegime.UK)
    assert "quantities on a credit note are positive" in fault.sentence


@pytest.mark.parametrize(("number", "digits"), [("1", 0), ("1.50", 1), ("100", 0), ("0.0000001", 7)])
def test_trailing_noughts_are_no_decimals(number: str, digits: int) -> None:
    assert decimals(Decimal(number)) == digits
