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

from app.foundation.settings import sqlite_path

_NAME = "counterfoil"


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
        return SqliteHuey(_NAME, filename=str(path), fsync=False, **options)
    return PriorityRedisHuey(_NAME, url=url, **options)
