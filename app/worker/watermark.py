"""How far the database had come, kept where no backup of it reaches: in the store of hints.

A database that has come less far than that was restored from a backup, or is another one. Where there is no mark nobody
knows. Either way nothing that waits in it is sent unlooked.
"""

from __future__ import annotations

from huey.api import Huey

_KEY = "counterfoil.newest-envelope"


class Watermark:
    """The number of the newest envelope that a worker has seen; nought before the first."""

    def __init__(self, huey: Huey) -> None:
        self._storage = huey.storage

    def read(self) -> int | None:
        """The mark as it was left; None where the store has forgotten it."""
        kept = self._storage.peek_data(_KEY)
        return int(kept) if isinstance(kept, bytes | memoryview) and bytes(kept).isdigit() else None

    def leave(self, number: int) -> None:
        """The database has come so far."""
        self._storage.put_data(_KEY, str(number).encode())
