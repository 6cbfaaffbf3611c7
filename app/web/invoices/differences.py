"""What differs between what somebody saved and what was typed meanwhile (pure)."""

from __future__ import annotations

from itertools import zip_longest
from typing import NamedTuple

from app.web.invoices.typed import TypedDocument, TypedLine

_HEAD = {
    "client": "Client",
    "issue_date": "Issue date",
    "due_date": "Due date",
    "term": "Payment terms",
    "currency": "Currency",
    "memo": "Memo",
}
_NOTHING = "\N{EN DASH}"


class Difference(NamedTuple):
    """One thing with both its values."""

    what: str
    saved: str
    typed: str


def differences(saved: TypedDocument, typed: TypedDocument) -> list[Difference]:
    """All that differs, from top to bottom."""
    head = [Difference(word, getattr(saved, name), getattr(typed, name)) for name, word in _HEAD.items()]
    pairs = zip_longest(saved.lines, typed.lines)
    lines = [Difference(f"Line {at}", _said(old), _said(new)) for at, (old, new) in enumerate(pairs, start=1)]
    return [_shown(one) for one in (*head, *lines) if one.saved != one.typed]


def _shown(one: Difference) -> Difference:
    return one._replace(saved=one.saved or _NOTHING, typed=one.typed or _NOTHING)


def _said(line: TypedLine | None) -> str:
    if line is None:
        return ""
    if line.comment:
        return line.description
    discount = f" less {line.discount}%" if line.discount else ""
    return f"{line.service} · {line.description} · {line.quantity} at {line.unit_price}{discount}"
