"""Whether a record there says all that was told of it. Pure.

QuickBooks adds much to a record: ids, totals, names, a line with the subtotal. Only what was told is looked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_NOT_LOOKED_AT = frozenset({"SyncToken", "sparse", "GlobalTaxCalculation", "DocNumber", "PrivateNote"})
"""How a record is written rather than what it says, and what belongs to the bookkeeper once it is there."""
_SUBTOTAL = "SubTotalLineDetail"


def says_all(told: Any, there: Any) -> bool:
    """Whether every part of what was told stands there; what was told to be empty may be missing.

    Lines count in their order, and there may be none beside them.
    """
    if isinstance(told, Mapping):
        return _has_fields(told, there if isinstance(there, Mapping) else {})
    if isinstance(told, list):
        return _has_lines(told, there if isinstance(there, list) else [])
    return told == there or _words(told) == _words(there)


def _has_fields(told: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    return all(says_all(told[name], there.get(name)) for name in told.keys() - _NOT_LOOKED_AT)


def _has_lines(told: Sequence[Any], there: Sequence[Any]) -> bool:
    lines = [line for line in there if not _is_subtotal(line)]
    return len(lines) == len(told) and all(map(says_all, told, lines))


def _words(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _is_subtotal(line: Any) -> bool:
    return isinstance(line, Mapping) and line.get("DetailType") == _SUBTOTAL
