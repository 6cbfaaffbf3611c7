"""Our marker in a private note."""

import pytest

from app.quickbooks import marker
from app.quickbooks.marker import Marker

OURS = Marker(3, "credit_note", 42)


def test_a_marker_is_found_again() -> None:
    assert str(OURS) == "Counterfoil 3-credit_note-42"
    assert marker.find(f"Voided - {OURS}. Asked by Ann") == OURS


@pytest.mark.parametrize("note", [None, "", "Counterfoil", "Counterfoil 3-invoice-", "xCounterfoil 3-invoice-4"])
def test_what_is_no_marker_is_not_taken_for_one(note: str | None) -> None:
    assert marker.find(note) is None
