"""Huey as it is used here: a carrier of hints in a store of its own, as JSON, without results, retries or locks.

Huey takes a message out before it is worked on and loses it with a killed process, its locks have no owner and its
limiter is not exact; so nothing that matters is ever left to it. Its default serializer is pickle, which would run
whatever lies in the store.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from huey import MemoryHuey, PriorityRedisHuey, SqliteHuey
from huey.api import Huey
from huey.registry import Message
from huey.serializer import Serializer

from app.foundation.logs import logger
from app.foundation.settings import sqlite_path

_NAME = "counterfoil"
_UNREADABLE = "DatabaseError"
"""What Huey's own SQLite library raises itself for a file that is none or is damaged; busy or full are kinds of it."""


class JsonSerializer(Serializer):  # type: ignore[misc]  # Huey carries no types
    """A hint as JSON: a name and a few numbers."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:
        value = json.loads(data)
        return Message(*value) if isinstance(value, list) and len(value) == len(Message._fields) else value


def carrier(url: str) -> Huey:
    """The Huey of these settings: a SQLite file of its own, Redis, or memory for tests."""
    options = {"results": False, "serializer": JsonSerializer(), "utc": True}
    if url.startswith("memory:"):
        return MemoryHuey(_NAME, **options)
    if url.startswith("sqlite"):
        path = (sqlite_path(url) or Path("instance/hints.sqlite")).absolute()
        path.parent.mkdir(parents=True, exist_ok=True)
        return _on_file(path, options)
    return PriorityRedisHuey(_NAME, url=url, **options)


def _on_file(path: Path, options: dict[str, Any]) -> Huey:
    """Losing every hint costs a second; a file that can't be read any more must not cost the portal its start."""
    try:
        return SqliteHuey(_NAME, filename=str(path), fsync=False, **options)
    except Exception as problem:
        if type(problem).__name__ != _UNREADABLE:
            raise
        logger().warning("the store of hints is broken, and a new one is begun", path=str(path), problem=str(problem))
        _put_aside(path)
        return SqliteHuey(_NAME, filename=str(path), fsync=False, **options)


def _put_aside(path: Path) -> None:
    """With its journal, which must not be played into the new file."""
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    path.replace(path.with_name(path.name + ".broken"))
