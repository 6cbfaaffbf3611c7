"""Intuit as a webhook endpoint sees it: signed calls on a few lines that stay open, each repeated until it is accepted.

Written on bare sockets in one thread, for it shares the machine with what it measures.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, cast

PATH = "/webhooks/quickbooks"
LINES = 16
"""As many as the server has threads."""
_ACCEPTED, _LATER = b"HTTP/1.1 200 ", b"HTTP/1.1 503 "
_LARGEST_ANSWER = 65_536
_BETWEEN_TRIES_SECONDS = 0.05
_PATIENCE_SECONDS = 60.0


class Call(NamedTuple):
    """One delivery: what goes over the wire, and the hash of its body by which it is known again."""

    wire: bytes
    digest: str


@dataclass
class Sent:
    """What became of calls: the hashes of those that were accepted, and how many ms each of these took."""

    accepted: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    repeated: int = 0
    """Calls whose line broke before the answer came, or whose answer was "later"."""
    seconds: float = 0.0

    @property
    def pace(self) -> float:
        """Accepted calls a second."""
        return len(self.accepted) / self.seconds


def calls(first: int, number: int, *, realm: str, verifier: str) -> Iterator[Call]:
    """So many calls that tell of one payment each, signed; the payments' numbers begin at `first`."""
    for payment in range(first, first + number):
        raw = json.dumps([_event(payment, realm)]).encode()
        signature = base64.b64encode(hmac.digest(verifier.encode(), raw, hashlib.sha256)).decode()
        head = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        wire = f"{head}intuit-signature: {signature}\r\nContent-Length: {len(raw)}\r\n\r\n".encode() + raw
        yield Call(wire, hashlib.sha256(raw).hexdigest())


def _event(payment: int, realm: str) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "id": f"5f2b8c1e-0000-4000-8000-{payment:012d}",
        "source": "intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=",
        "type": "qbo.payment.updated.v1",
        "datacontenttype": "application/json",
        "time": "2026-11-21T10:00:00Z",
        "intuitentityid": str(payment),
        "intuitaccountid": realm,
        "data": {},
    }


def send(port: int, waiting: Iterable[Call], *, seconds: float = 1e9, after: Callable[[int], object] = int) -> Sent:
    """Send calls on all lines at once until all are accepted, or the time is over and those on the line are answered.

    `after` is told how many were accepted, each time one was. Raises ConnectionError for an answer that is neither 200
    nor 503, and when nobody listens for a minute.
    """
    return _Sender(port, waiting, after).send(seconds)


class _Line:
    """One connection and the call that is on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, call: Call) -> None:
        self.call, self.began = call, time.perf_counter()
        self.socket.sendall(call.wire)

    def answer(self) -> bytes:
        """An answer without a body. Raises OSError where the line broke instead."""
        received = b""
        while not received.endswith(b"\r\n\r\n"):
            piece = self.socket.recv(_LARGEST_ANSWER)
            if not piece:
                break
            received += piece
        if not received:
            raise ConnectionResetError
        return received


class _Sender:
    def __init__(self, port: int, waiting: Iterable[Call], after: Callable[[int], object]) -> None:
        self._port, self._fresh, self._after = port, iter(waiting), after
        self._again: deque[Call] = deque()
        self._open = selectors.DefaultSelector()
        self._sent = Sent()

    def send(self, seconds: float) -> Sent:
        began = time.perf_counter()
        for _line in range(LINES):
            self._connect()
        while self._open.get_map():
            for key, _ready in self._open.select():
                self._hear(cast("_Line", key.data))
            if time.perf_counter() - began > seconds:
                self._fresh = iter(())
        self._sent.seconds = time.perf_counter() - began
        return self._sent

    def _connect(self) -> None:
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                line = _Line(self._port)
            except ConnectionRefusedError:
                if time.monotonic() > until:
                    raise
                time.sleep(_BETWEEN_TRIES_SECONDS)  # whoever kills one server kills the lines of all
            else:
                break
        self._open.register(line.socket, selectors.EVENT_READ, line)
        self._next(line)

    def _next(self, line: _Line) -> None:
        call = self._again.popleft() if self._again else next(self._fresh, None)
        if call is None:
            self._hang_up(line)
            return
        try:
            line.send(call)
        except OSError:
            self._replace(line)

    def _hear(self, line: _Line) -> None:
        try:
            answer = line.answer()
        except OSError:
            self._replace(line)
            return
        if answer.startswith(_ACCEPTED):
            self._sent.waits.append(1000 * (time.perf_counter() - line.began))
            self._sent.accepted.append(line.call.digest)
            self._after(len(self._sent.accepted))
        elif answer.startswith(_LATER):
            self._repeat(line.call)
        else:
            raise ConnectionError(answer.decode())
        self._next(line)

    def _replace(self, line: _Line) -> None:
        self._repeat(line.call)
        self._hang_up(line)
        self._connect()

    def _repeat(self, call: Call) -> None:
        self._sent.repeated += 1
        self._again.append(call)

    def _hang_up(self, line: _Line) -> None:
        self._open.unregister(line.socket)
        line.socket.close()
