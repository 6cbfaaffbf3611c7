"""What this room needs of the world: one way to send a call. Tests and simulated days bring a line of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class NotSentError(Exception):
    """Nothing left the house: no name, no connection, no secure line. It is safe to send again."""


class UnknownOutcomeError(Exception):
    """The call may have arrived: it timed out, the line broke, or half an answer came."""


@dataclass(frozen=True)
class HttpRequest:
    """One call, ready to leave: the whole address, and how many seconds it may take from first byte to last."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    """Not shown: it carries the bearer token."""
    body: bytes = field(repr=False)
    timeout_seconds: float


@dataclass(frozen=True)
class HttpAnswer:
    """What came back, unread; `seconds` from first byte sent to last byte received."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    seconds: float

    def header(self, name: str) -> str:
        """A header whatever the case of its name; empty when absent. Intuit writes `intuit_tid` and `Intuit-Tid`.

        Without the NUL that PostgreSQL can't store.
        """
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "").replace("\0", "")

    @property
    def tid(self) -> str:
        """Intuit's own number of this call, which its support asks for first."""
        return self.header("intuit_tid") or self.header("intuit-tid")


class Http(Protocol):
    """The line to Intuit."""

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it once. Raises NotSentError when nothing left, UnknownOutcomeError when nobody can say."""
        ...
