"""What the open balances of a run say, in a tone and a few words. Pure."""

from __future__ import annotations

from typing import NamedTuple

from app.sync.reconciling.open_balances import OpenBooks
from app.sync.reconciling.open_sums import Part


class Verdict(NamedTuple):
    """A tone, empty where nothing is to be said, and the words."""

    tone: str
    words: str


def verdict(books: OpenBooks) -> Verdict:
    """Whether what is open agrees, and if not, whether somebody has to look."""
    apart = [part for part in books.parts if part.difference_pence]
    if not apart:
        return Verdict("good", "the same on both sides")
    if any(part.part == Part.UNEXPLAINED for part in apart):
        return Verdict("warn", "not all of it is explained")
    if books.is_one_sided:
        return Verdict("", "documents that only one side has")
    if not books.difference_pence:
        return Verdict("warn", "differences that make each other up")
    return Verdict("warn", "explained line by line below")
