"""The real line, against a server on this machine that behaves as badly as a server can."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from app.quickbooks import transport
from app.quickbooks.ports import HttpAnswer, HttpRequest, NotSentError, UnknownOutcomeError
from app.quickbooks.transport import RequestsHttp

Behave = Callable[[socket.socket], object]
BODY, TLS = b'{"Id":"1"}', b"\x16"
GOOD = b"HTTP/1.1 200 OK\r\nIntuit-Tid: 1-2-3\r\nContent-Length: 2\r\n\r\n{}"


class Server:
    """Accepts calls one after the other; each is answered as the test says."""

    def __init__(self) -> None:
        self.behaviour: list[Behave] = []
        self.received: list[bytes] = []
        self.stopped = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def stop(self) -> None:
        """End the server; whoever still trickles stops too."""
        self.stopped.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        while not self.stopped.is_set():
            try:
                line, _address = self._listening.accept()
            except OSError:
                return
            with line:
                self._answer(line)

    def _answer(self, line: socket.socket) -> None:
        try:
            while self.behaviour and (request := whole(line)):
                self.received.append(request)
                self.behaviour.pop(0)(line)
        except OSError:
            return


def whole(line: socket.socket) -> bytes:
    """Read one call, whose body may come in a piece of its own; or the beginning of a TLS hand-shake."""
    request = line.recv(65536)
    while request and not request.endswith(BODY) and not request.startswith(TLS):
        request += line.recv(65536)
    return request


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    transport._forget_session()
    server.stop()


def call(url: str, seconds: float = 5.0) -> HttpAnswer:
    """Send one call."""
    headers = {"Accept": "application/json"}
    return RequestsHttp().send(HttpRequest("POST", url, headers, BODY, timeout_seconds=seconds))


def say(raw: bytes) -> Behave:
    """Answer with these bytes."""
    return lambda line: line.sendall(raw)


def hang_up(line: socket.socket) -> None:
    line.shutdown(socket.SHUT_RDWR)


def test_a_call_goes_out_as_it_is_and_comes_back_whole(server: Server) -> None:
    server.behaviour = [say(GOOD)]
    answer = call(server.url + "/v3/company/1/invoice?requestid=7")
    assert (answer.status, answer.body, answer.tid) == (200, b"{}", "1-2-3")
    assert answer.seconds >= 0
    (request,) = server.received
    assert request.startswith(b"POST /v3/company/1/invoice?requestid=7 HTTP/1.1\r\n")
    assert request.endswith(b'\r\n\r\n{"Id":"1"}')


def test_calls_of_one_thread_share_a_connection(server: Server) -> None:
    server.behaviour = [say(GOOD), say(GOOD)]
    call(server.url)
    call(server.url)
    assert len(server.received) == 2


def test_a_redirect_is_not_followed(server: Server) -> None:
    server.behaviour = [say(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")]
    assert call(server.url).status == 302


def test_no_proxy_of_the_environment_is_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    server.behaviour = [say(GOOD)]
    assert call(server.url).status == 200


def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(NotSentError):
        call(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize("url", ["nonsense", "http://", "ftp://127.0.0.1"])
def test_an_address_that_is_none_was_not_sent(url: str) -> None:
    with pytest.raises(NotSentError):
        call(url)


def test_a_server_that_speaks_no_tls_was_told_nothing(server: Server) -> None:
    server.behaviour = [say(b"HTTP/1.1 400 Bad Request\r\n\r\n"), hang_up]
    with pytest.raises(NotSentError):
        call(server.url.replace("http:", "https:"))


@pytest.mark.parametrize(
    "behave",
    [
        hang_up,
        say(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
        say(b"this is no HTTP\r\n\r\n"),
    ],
    ids=["hangs up", "half an answer", "no HTTP"],
)
def test_once_a_byte_has_left_nobody_can_say(server: Server, behave: Behave) -> None:
    server.behaviour = [behave]
    with pytest.raises(UnknownOutcomeError):
        call(server.url)


def test_a_call_without_an_answer_ends_when_its_time_is_over(server: Server) -> None:
    server.behaviour = [lambda _line: server.stopped.wait(10)]
    with pytest.raises(UnknownOutcomeError, match="time"):
        call(server.url, seconds=0.1)


def test_an_answer_that_trickles_for_ever_ends_when_its_time_is_over(server: Server) -> None:
    def trickle(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not server.stopped.wait(0.01):
            line.sendall(b"1\r\n \r\n")

    server.behaviour = [trickle]
    with pytest.raises(UnknownOutcomeError, match="time was over"):
        call(server.url, seconds=0.2)


def test_headers_that_trickle_end_too(server: Server) -> None:
    def trickle(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not server.stopped.wait(0.01):
            line.sendall(b"x")

    server.behaviour = [trickle]
    with pytest.raises(UnknownOutcomeError, match="time was over"):
        call(server.url, seconds=0.2)


def test_after_a_break_the_next_call_has_a_line_of_its_own(server: Server) -> None:
    server.behaviour = [hang_up]
    with pytest.raises(UnknownOutcomeError):
        call(server.url)
    server.behaviour = [say(GOOD)]
    assert call(server.url).status == 200


def test_an_answer_without_end_is_not_read_to_the_end(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LONGEST_ANSWER", 100)
    server.behaviour = [say(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000)]
    with pytest.raises(UnknownOutcomeError, match="longer"):
        call(server.url)


def test_a_call_whose_time_was_over_before_it_left_does_not_leave(server: Server) -> None:
    flight = transport._Flight()
    flight.end()
    with pytest.raises(TimeoutError, match="before it left"):
        flight.leaves_by(object())
    assert not flight.left
