"""Documents and payments of exactly the amount that is typed."""

from __future__ import annotations

import pytest

from app.billing import by_amount
from app.billing.by_amount import typed
from app.foundation.database import transaction
from tests.billing.firm import Firm


@pytest.mark.parametrize(
    "words", ["1234.5", "1234.50", "1,234.50", "£1,234.50", "GBP 1234.50", "1.234,50 €", "1 234,50", "$1'234.50"]
)
def test_an_amount_is_read_as_people_write_it(words: str) -> None:
    assert typed(words) == 123450


def test_pounds_alone_are_an_amount_too() -> None:
    assert [typed(words) for words in ("1234", "1,234", "£12", "0.07")] == [123400, 123400, 1200, 7]


@pytest.mark.parametrize(
    "words", ["", "INV-00012", "12,34,56", "1.2.3", "-5", "12.345 6", "12.3456", "acme", "9" * 16, "1234.567", "£"]
)
def test_what_is_no_amount_is_not_taken_for_one(words: str) -> None:
    assert typed(words) is None


def test_documents_of_an_amount_are_found_the_newest_first(firm: Firm) -> None:
    first, other, last = firm.open(), firm.open(firm.line("50")), firm.draft()
    assert [one.id for one in by_amount.documents(12000, most=9)] == [last.id, first.id]
    assert by_amount.documents(12000, most=1) == [last]
    assert by_amount.documents(6000, most=9) == [other]


def test_what_is_owed_counts_with_what_rounding_added(firm: Firm) -> None:
    rounded, plain = firm.open(), firm.open()
    with transaction():
        rounded.rounding_adjustment_pence = 1
    assert by_amount.documents(12001, most=9) == [rounded]
    assert by_amount.documents(12000, most=9) == [plain]


def test_payments_of_an_amount_are_found(firm: Firm) -> None:
    one, _other = firm.learn(4200), firm.learn(4201)
    assert by_amount.payments(4200, most=9) == [one]
