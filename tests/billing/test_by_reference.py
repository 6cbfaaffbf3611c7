"""Payments by what is typed of their references."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.billing import words
from app.billing.by_reference import referenced
from app.foundation.database import transaction
from tests.billing.firm import Firm

Pay = Callable[[str], None]


@pytest.fixture
def pay(firm: Firm) -> Pay:
    """Money of Acme under a reference."""

    def learn(reference: str) -> None:
        payment = firm.learn(100)
        with transaction():
            payment.reference = reference

    return learn


def found(typed: str, most: int = 9) -> list[str]:
    return [payment.reference for payment in referenced(typed, most=most)]


def test_every_word_stands_in_it_whatever_its_case_the_newest_first(pay: Pay) -> None:
    for reference in ("BACS 1042", "bacs 2042", "CHQ 1042"):
        pay(reference)
    assert found("042 bacs") == ["bacs 2042", "BACS 1042"]
    assert found("1042", most=1) == ["CHQ 1042"]
    assert found("9") == []


def test_of_a_word_that_many_have_the_newest_are_told(pay: Pay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MOST", 1)
    for reference in ("BACS 1", "BACS 2", "BACS 3"):
        pay(reference)
    assert found("bacs", most=2) == ["BACS 3", "BACS 2"]
