"""Small words of this room."""

from __future__ import annotations


def some(number: int, one: str, many: str) -> str:
    """`1 message` or `3 messages`."""
    return f"{number:,} {one if number == 1 else many}"
