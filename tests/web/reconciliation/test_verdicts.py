"""The open balances in a few words: who has to look, and who has not."""

from __future__ import annotations

import pytest

from app.sync.comparing.drifts import DriftCause
from app.sync.reconciling.open_balances import OpenBalance, OpenBooks
from app.sync.reconciling.open_sums import Part
from app.web.reconciliation.verdicts import verdict


def part(name: str, ours: int, theirs: int) -> OpenBalance:
    return OpenBalance(currency="GBP", part=name, documents=1, ours_pence=ours, theirs_pence=theirs)


@pytest.mark.parametrize(
    ("parts", "tone", "words"),
    [
        ([], "good", "the same on both sides"),
        ([part(Part.AGREES, 500, 500)], "good", "the same on both sides"),
        ([part(Part.NOT_SENT, 500, 0), part(Part.OLDER, 0, 500)], "", "documents that only one side has"),
        ([part(DriftCause.PRICE, 500, 600)], "warn", "explained line by line below"),
        ([part(DriftCause.PRICE, 5, 6), part("tax", 6, 5)], "warn", "differences that make each other up"),
        ([part(Part.UNEXPLAINED, 5, 6), part("tax", 6, 5)], "warn", "not all of it is explained"),
    ],
)
def test_the_verdict_of_what_is_open(parts: list[OpenBalance], tone: str, words: str) -> None:
    assert verdict(OpenBooks("GBP", parts)) == (tone, words)
