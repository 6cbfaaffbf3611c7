"""The mark that no backup of the database brings back, in each store of hints."""

from __future__ import annotations

from huey.api import Huey

from app.worker.watermark import Watermark
from tests.worker.test_hints import huey

__all__ = ["huey"]


def test_a_store_that_knows_nothing_says_nothing(huey: Huey) -> None:
    assert Watermark(huey).read() is None


def test_a_mark_is_read_as_it_was_left(huey: Huey) -> None:
    Watermark(huey).leave(41)
    Watermark(huey).leave(42)
    assert Watermark(huey).read() == 42
