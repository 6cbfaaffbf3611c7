"""Small words of this room."""

from __future__ import annotations


def some(number: int, one: str, many: str) -> str:
    """`1 message` or `3 messages`."""
    return f"{number:,} {one if number == 1 else many}"


def released(number: int) -> str:
    """What a choice has set free, as a sentence of its own behind another; empty where it was nothing."""
    return f" {some(number, 'message that waited is', 'messages that waited are')} on the way now." if number else ""
