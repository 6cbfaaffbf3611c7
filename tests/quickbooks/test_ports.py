"""What came back, as it is asked for."""

from __future__ import annotations

from app.quickbooks.ports import HttpAnswer


def test_the_number_of_a_call_is_found_in_any_case_and_can_be_stored() -> None:
    assert HttpAnswer(200, {"Intuit-TID": "1-5f\0-9"}, b"", seconds=0.0).tid == "1-5f-9"
