"""Keys that Intuit refuses: asked about again at growing intervals, and at once where they were changed.

Remembered by this process alone, by the keys themselves. So other keys, or a process that starts with them, are tried
as if nothing had happened; and the number of sign-ins grows with the number of processes, never with what waits.
"""

from __future__ import annotations

from app.foundation import clock
from app.quickbooks.apps import AppKeys
from app.quickbooks.errors import AppKeysRefused

_FIRST_PAUSE = 30.0
_LONGEST_PAUSE = 900.0

_Pair = tuple[str, str]


class RefusedKeys:
    """Which keys were refused, how often in a row, and from when on they may be shown again."""

    def __init__(self) -> None:
        self._refused: dict[_Pair, tuple[int, float, AppKeysRefused]] = {}

    def check(self, keys: AppKeys) -> None:
        """Raises AppKeysRefused, with what Intuit said, while it is too early to ask again."""
        _times, until, said = self._refused.get(_pair(keys), (0, 0.0, AppKeysRefused()))
        if clock.monotonic() < until:
            raise AppKeysRefused(said.message, said.evidence)

    def note(self, keys: AppKeys, said: AppKeysRefused) -> None:
        """They were refused: the next pause is twice as long, up to a quarter of an hour."""
        times, _until, _said = self._refused.get(_pair(keys), (0, 0.0, said))
        pause = min(_FIRST_PAUSE * 2**times, _LONGEST_PAUSE)
        self._refused[_pair(keys)] = (times + 1, clock.monotonic() + pause, said)

    def forget(self, keys: AppKeys) -> None:
        """They were accepted."""
        self._refused.pop(_pair(keys), None)


def _pair(keys: AppKeys) -> _Pair:
    return keys.client_id, keys.client_secret.value
