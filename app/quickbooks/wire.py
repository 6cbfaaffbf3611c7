"""JSON without floats: amounts leave and arrive digit by digit, for half a penny decides fault 6070."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""PostgreSQL stores no NUL, and half a surrogate pair is no UTF-8 for any database."""
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
"""How either stands in JSON, where it can only be escaped; whole pairs too."""


def encode(value: Any) -> bytes:
    """The compact UTF-8 JSON of this value; a Decimal keeps its own digits. Raises TypeError for a float."""
    return _text(value).encode()


def decode(raw: bytes) -> Any:
    """The value of some JSON, fractions as Decimal. Raises ValueError when it is none."""
    return json.loads(raw.decode(), parse_float=Decimal, parse_constant=_refuse)


def decode_foreign(raw: bytes) -> Any:
    """As `decode`, of what comes from outside: its texts without what no database stores."""
    value = decode(raw)
    return _storable(value) if _SUSPECT.search(raw) else value


def _storable(value: Any) -> Any:
    """The same with every text, names too, as it can be stored."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {_UNSTORABLE.sub("", name): _storable(part) for name, part in value.items()}
    return [_storable(part) for part in value] if isinstance(value, list) else value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _text(value: Any) -> str:
    write = _WRITERS.get(type(value)) or _writer_of(value)
    return write(value)


def _writer_of(value: Any) -> Callable[[Any], str]:
    """How a value of another class than the plain ones is written: a word of an enumeration, a kind of mapping."""
    for kind in (str, Mapping, list, tuple, Decimal, int):
        if isinstance(value, kind):
            return _WRITERS[kind]
    raise TypeError(f"{type(value).__name__} has no exact JSON")


def _object(parts: Mapping[Any, Any]) -> str:
    # Both dispatch by themselves: every part of every document comes by here, and a call for each is a third of it.
    written = _WRITERS.get
    told = [f"{_quoted(str(name))}:{(written(type(part)) or _text)(part)}" for name, part in parts.items()]
    return "{" + ",".join(told) + "}"


def _array(parts: Sequence[Any]) -> str:
    written = _WRITERS.get
    return "[" + ",".join([(written(type(part)) or _text)(part) for part in parts]) + "]"


def _digits(number: Decimal) -> str:
    if not number.is_finite():
        raise ValueError("an amount must be finite")
    return format(number, "f")


_plain = json.JSONEncoder(ensure_ascii=False).encode
"""Made once: `json.dumps` would make a new encoder for each word."""
_quoted: Callable[[str], str] = json.encoder.encode_basestring  # what the encoder itself uses
_WRITERS: dict[type, Callable[[Any], str]] = {
    str: _quoted,
    **dict.fromkeys((int, bool, type(None)), _plain),
    **dict.fromkeys((dict, Mapping), _object),
    **dict.fromkeys((list, tuple), _array),
    Decimal: _digits,
}
