"""JSON as Intuit writes it (§2.3): amounts with two decimals but a bare `0`, other numbers without padding.

Decimals travel exactly: they are read as `Decimal` and written digit by digit, never through a float.
"""

import json
import re
import secrets
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Body = dict[str, Any]
"""One JSON object: a record, a request, an answer."""

_PENNY = Decimal("0.01")
# Python's encoder cannot write a Decimal as a number. It is written as a marked string whose quotes are then cut off;
# the mark is drawn anew in each process so that no text sent by a client can imitate it.
_MARK = secrets.token_hex(12)
_MARKED = re.compile(rf'"{_MARK}(-?[0-9.]+)"')


class Unreadable(ValueError):  # noqa: N818 - an answer, not a mistake
    """The bytes are no JSON that this side understands."""


def _marked(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{_MARK}{value:f}"
    msg = f"{type(value).__name__} has no wire form"
    raise TypeError(msg)


def encode(value: object) -> str:
    """JSON text of a value that may hold Decimals."""
    text = json.dumps(value, default=_marked, ensure_ascii=False, separators=(",", ":"))
    return _MARKED.sub(r"\1", text)


def _no_constant(name: str) -> object:
    raise Unreadable(name)


def decode(raw: str | bytes) -> object:
    """The value of JSON text, fractions as `Decimal`.

    Raises `Unreadable` for anything else: broken JSON, NaN, exponents beyond `Decimal`, bytes that are no UTF-8, lone
    surrogates, absurd nesting.
    """
    try:
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
        value: object = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
        if "\\u" in text:
            encode(value).encode("utf-8")
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    return value


def pence(value: Decimal) -> Decimal:
    """Rounded half up to two decimals, as QuickBooks is reported to do (§4.2)."""
    return value.quantize(_PENNY, rounding=ROUND_HALF_UP)


def amount(value: Decimal | int) -> Decimal | int:
    """An amount's wire form: two decimals, zero as a bare 0 (§2.3)."""
    rounded = pence(Decimal(value))
    return rounded or 0


def number(value: Decimal | int) -> Decimal | int:
    """A quantity's, price's or rate's wire form: no padding (§2.3)."""
    exact = Decimal(value)
    if exact == exact.to_integral_value():
        return int(exact)
    return exact.normalize()


def money(value: object) -> Decimal:
    """The Decimal of an amount found in a record; absent counts as zero."""
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)
