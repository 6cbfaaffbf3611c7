"""The threaded HTTP server, and the knife that cuts an answer off where a fault says so."""

import socket
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import BaseWSGIServer, DechunkedInput, WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SEVER = "X-Simulator-Sever"
"""Response header for the knife alone: `lost` (nothing leaves) or `half` (half the body leaves)."""


class AnswerCutOff(ConnectionAbortedError):  # noqa: N818 - ordered, not a mistake
    """Raised where there is no socket to close (the test client), and to end the handler where there is."""


def _hang_up(environ: "WSGIEnvironment") -> None:
    line = environ.get("werkzeug.socket")
    if isinstance(line, socket.socket):
        line.shutdown(socket.SHUT_RDWR)
    raise AnswerCutOff("the simulator was told to hang up")


def _half(environ: "WSGIEnvironment", whole: bytes) -> Iterator[bytes]:
    yield whole[: len(whole) // 2]
    _hang_up(environ)


class Knife:
    """WSGI middleware: looks for the SEVER header and cuts."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer, or half, or not at all."""
        cut: list[str] = []

        def start(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            cut.extend(value for name, value in headers if name == SEVER)
            kept = [(name, value) for name, value in headers if name != SEVER]
            return start_response(status, kept, *rest) if cut != ["lost"] else None  # type: ignore[arg-type]

        body = self._application(environ, start)  # type: ignore[arg-type]
        if cut == ["lost"]:
            _hang_up(environ)
        return _half(environ, b"".join(body)) if cut == ["half"] else body


class WholeChunks(DechunkedInput):
    """Werkzeug's reader of a body in chunks, but one that notices when the line ends inside a chunk.

    Its parent counts what it asked for, not what came, and leaves a buffer shorter than that: Python then copies what
    lies behind it in memory into the body, or dies of reading where nothing is (seen with Werkzeug 3.1.9).
    """

    def readinto(self, buf: bytearray) -> int:  # type: ignore[override]
        """Fill `buf` as far as the body goes, and say how far. Raises OSError where a chunk is cut short."""
        room = bytearray(len(buf))
        read = super().readinto(room)
        if len(room) < len(buf):
            raise OSError("The body ends inside a chunk")
        buf[:read] = room[:read]
        return read


class _QuietHandler(WSGIRequestHandler):
    """Leaves the log to the console. One call per connection: the development server knows no other way."""

    protocol_version = "HTTP/1.1"

    def make_environ(self) -> "WSGIEnvironment":
        """As the parent makes it; a body in chunks is read by our own reader."""
        environ = super().make_environ()
        if isinstance(environ["wsgi.input"], DechunkedInput):
            environ["wsgi.input"] = WholeChunks(self.rfile)  # type: ignore[arg-type]
        return environ

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Say nothing."""


def make_threaded_server(application: Flask, host: str, port: int) -> BaseWSGIServer:
    """A server with one thread per connection; port 0 takes a free one (see `server_port`)."""
    return make_server(host, port, application, threaded=True, request_handler=_QuietHandler)
