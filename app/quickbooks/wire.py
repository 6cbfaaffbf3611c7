"""JSON without floats: amounts leave and arrive digit by digit, for half a penny decides fault 6070."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def encode(value: Any) -> bytes:
    """The compact UTF-8 JSON of this value; a Decimal keeps its own digits. Raises TypeError for a float."""
    return _text(value).encode()


def decode(raw: bytes) -> Any:
    """The value of some JSON, fractions as Decimal. Raises ValueError when it is none."""
    return json.loads(raw.decode(), parse_float=Decimal, parse_constant=_refuse)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, Mapping):
        return "{" + ",".join([f"{_plain(str(key))}:{_text(part)}" for key, part in value.items()]) + "}"
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_text, value)) + "]"
    if value is None or isinstance(value, int):
        return _plain(value)
    raise TypeError(f"{type(value).__name__} has no exact JSON")


def _digits(number: Decimal) -> str:
    if not number.is_finite():
        raise ValueError("an amount must be finite")
    return format(number, "f")


_plain = json.JSONEncoder(ensure_ascii=False).encode
"""Made once: `json.dumps` would make a new encoder for each word."""
