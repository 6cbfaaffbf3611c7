"""The real line: requests, with an end to every call.

The library's own read time-out begins anew with each piece that arrives; a slow answer could take for ever, and the
next sender would believe the line free. So a watch closes the socket when the call's time is over.
"""

from __future__ import annotations

import os
import socket
import threading
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager

from app.foundation import clock
from app.quickbooks.ports import HttpAnswer, HttpRequest, NotSentError, UnknownOutcomeError

CONNECT_SECONDS = 5.0
LONGEST_ANSWER = 20_000_000
"""Bytes, unpacked; 1,000 invoices have about five million."""
_PIECE = 65_536


class _Flight:
    """One call of one thread: whether a byte has left, and whether its time is over."""

    def __init__(self) -> None:
        self.left = False
        self.over = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def leaves_by(self, line: Any) -> None:
        """The first byte is about to leave by this socket."""
        with self._lock:
            if self.over:
                raise TimeoutError("the call's time was over before it left")
            self.left, self._socket = True, line

    def confirm(self) -> None:
        """A line that was closed in the midst of the headers looks like a short answer: it is none."""
        if self.over:
            raise TimeoutError("the call's time was over")

    def end(self) -> None:
        """Time is over: whoever reads from the socket wakes up with an error."""
        with self._lock:
            self.over = True
            if self._socket is None or self._socket.fileno() < 0:
                return
            # A second handle on the same line: shutting down the TLS object itself from another thread is not safe.
            with socket.socket(fileno=os.dup(self._socket.fileno())) as twin:
                twin.shutdown(socket.SHUT_RDWR)


_here = threading.local()
"""Each thread's own session, and the flight it is on."""


class _Watched:
    """A connection that tells the flight when the first byte leaves."""

    def send(self, data: Any) -> None:
        line: Any = self
        if line.sock is None:
            line.connect()
        _here.flight.leaves_by(line.sock)
        super().send(data)  # type: ignore[misc]  # mixed into urllib3's connections


class _WatchedHttp(_Watched, HTTPConnection):
    """Over plain HTTP: only to a simulator."""


class _WatchedHttps(_Watched, HTTPSConnection):
    """Over TLS."""


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHttps


class _Adapter(HTTPAdapter):
    """No retries, and connections that can be watched."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


class RequestsHttp:
    """Sends calls by the requests library: one session a thread, no redirects, no proxies from the environment."""

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it once. Raises NotSentError when no byte left, UnknownOutcomeError when nobody can say."""
        flight = _here.flight = _Flight()
        watch = threading.Timer(request.timeout_seconds, flight.end)
        watch.daemon = True
        watch.start()
        try:
            answer = _fly(request)
            flight.confirm()
        except (requests.RequestException, OSError, ValueError) as problem:
            _forget_session()
            kind = UnknownOutcomeError if flight.left else NotSentError
            raise kind("the call's time was over" if flight.over else str(problem)) from problem
        finally:
            watch.cancel()
        return answer


def _fly(request: HttpRequest) -> HttpAnswer:
    started = clock.monotonic()
    with _session().request(
        request.method,
        request.url,
        headers=dict(request.headers),
        data=request.body or None,
        timeout=(CONNECT_SECONDS, request.timeout_seconds),
        allow_redirects=False,
        stream=True,
    ) as answer:
        body = _read(answer)
        return HttpAnswer(answer.status_code, dict(answer.headers), body, seconds=clock.monotonic() - started)


def _read(answer: requests.Response) -> bytes:
    body = bytearray()
    for piece in answer.iter_content(_PIECE):
        body += piece
        if len(body) > LONGEST_ANSWER:
            raise ValueError("the answer is longer than any that QuickBooks gives")
    return bytes(body)


def _session() -> requests.Session:
    session: requests.Session | None = getattr(_here, "session", None)
    if session is None:
        session = _here.session = requests.Session()
        session.trust_env = False
        session.headers["User-Agent"] = "Counterfoil"
        for scheme in ("http://", "https://"):
            session.mount(scheme, _Adapter())
    return session


def _forget_session() -> None:
    """After a break nothing of the line is used again."""
    session = getattr(_here, "session", None)
    if session is not None:
        session.close()
        _here.session = None
