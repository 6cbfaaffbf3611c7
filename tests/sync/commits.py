"""Commits, counted: what waits for the disk is what costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from app.foundation.database import db


@contextmanager
def commits() -> Iterator[list[object]]:
    """Every commit while the block lasts."""
    seen: list[object] = []
    note = seen.append
    event.listen(db.engine, "commit", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "commit", note)
