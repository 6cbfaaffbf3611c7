"""JSON without floats."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.quickbooks import wire

EXACT = some.decimals(allow_nan=False, allow_infinity=False, places=7, min_value=-(10**9), max_value=10**9)
VALUES: some.SearchStrategy[Any] = some.recursive(
    some.none() | some.booleans() | some.integers() | EXACT | some.text(some.characters(exclude_categories=["Cs"])),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(some.characters(exclude_categories=["Cs"])), inner),
    max_leaves=8,
)


@given(VALUES)
def test_what_is_encoded_reads_back_as_the_same(value: Any) -> None:
    assert wire.decode(wire.encode(value)) == value


def test_a_decimal_keeps_its_own_digits() -> None:
    body = {"UnitPrice": Decimal("0.0000001"), "Amount": Decimal("1861.10"), "Qty": Decimal("1E+2"), "Memo": "£ é"}
    assert wire.encode(body) == '{"UnitPrice":0.0000001,"Amount":1861.10,"Qty":100,"Memo":"£ é"}'.encode()


@pytest.mark.parametrize("value", [1.5, {"Amount": 0.1}, object()])
def test_a_float_is_refused_before_it_can_lose_a_penny(value: object) -> None:
    with pytest.raises(TypeError):
        wire.encode(value)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity")])
def test_an_amount_that_is_no_number_is_refused(value: Decimal) -> None:
    with pytest.raises(ValueError, match="finite"):
        wire.encode(value)


@pytest.mark.parametrize("raw", [b"stream timeout", b"<html>", b"", b"\xff", b'{"a":NaN}'])
def test_what_is_no_json_is_told(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - every kind of it will do
        wire.decode(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (rb'{"DocNumber":"A\u0000B"}', {"DocNumber": "AB"}),
        (rb'[{"Doc\u0000Number":["\ud83d","x"]}]', [{"DocNumber": ["", "x"]}]),
        (rb'{"Memo":"\ud83d\ude80 and 1"}', {"Memo": "\N{ROCKET} and 1"}),
        (rb'{"Amount":1.10}', {"Amount": Decimal("1.10")}),
    ],
)
def test_texts_from_outside_are_such_as_a_database_stores(raw: bytes, value: object) -> None:
    assert wire.decode_foreign(raw) == value
