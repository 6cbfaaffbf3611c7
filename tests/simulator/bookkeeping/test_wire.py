"""JSON as Intuit writes it (§2.3)."""

from decimal import Decimal

import pytest

from app.simulator.bookkeeping import wire


@pytest.mark.parametrize(("value", "text"), [("100", "100.00"), ("0.005", "0.01"), ("0", "0"), ("-1.5", "-1.50")])
def test_an_amount_has_two_decimals_but_zero_is_bare(value: str, text: str) -> None:
    assert wire.encode(wire.amount(Decimal(value))) == text


@pytest.mark.parametrize(("value", "text"), [("75.00", "75"), ("22.50", "22.5"), ("33.333333", "33.333333")])
def test_a_price_is_not_padded(value: str, text: str) -> None:
    assert wire.encode(wire.number(Decimal(value))) == text


def test_text_that_looks_like_a_number_stays_text() -> None:
    assert wire.encode({"a": "1.50", "b": Decimal("1.50")}) == '{"a":"1.50","b":1.50}'


@pytest.mark.parametrize("raw", [b"\xff", b"{", b'{"a":NaN}', b"[" * 100_000, b'"\\ud800"'])
def test_what_is_no_json_is_unreadable(raw: bytes) -> None:
    with pytest.raises(wire.Unreadable):
        wire.decode(raw)
