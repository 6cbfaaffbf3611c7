"""Documents by what is typed of their numbers."""

from __future__ import annotations

from app.billing.by_number import numbered
from app.billing.kinds import DocumentKind
from tests.billing.firm import Firm


def numbers(words: str, *, recent: int = 99, most: int = 9) -> list[str | None]:
    return [document.number for document in numbered(words, most=most, recent=recent)]


def test_the_count_alone_finds_it_however_old_it_is(firm: Firm) -> None:
    for _number in range(3):
        firm.open()
    assert numbers("1", recent=1) == ["INV-00001"]


def test_the_whole_number_in_small_letters_finds_it(firm: Firm) -> None:
    firm.open()
    firm.open()
    assert numbers("inv-00001", recent=1) == ["INV-00001"]


def test_a_part_is_looked_for_among_recent_ones_the_newest_first(firm: Firm) -> None:
    for _number in range(3):
        firm.open()
    assert numbers("NV-0", recent=2) == ["INV-00003", "INV-00002"]
    assert numbers("NV-0", most=1) == ["INV-00003"]


def test_a_credit_note_of_the_same_count_is_found_beside_the_invoice(firm: Firm) -> None:
    firm.open()
    firm.open(kind=DocumentKind.CREDIT_NOTE)
    assert sorted(map(str, numbers("1"))) == ["CN-00001", "INV-00001"]
