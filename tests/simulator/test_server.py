"""Over a real socket: answers that never come, halves of answers, and several callers at once."""

import io
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, IncompleteRead

import pytest
from flask import Flask, request

from app.simulator.server import WholeChunks, make_threaded_server
from tests.simulator.client import NORTHGATE, Client, line

INVOICE = {"CustomerRef": {"value": "1"}, "Line": [line()]}


@contextmanager
def listening(application: Flask) -> Iterator[int]:
    server = make_threaded_server(application, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def port(simulator: Flask) -> Iterator[int]:
    with listening(simulator) as number:
        yield number


def send(app: Client, port: int, request_id: str) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    path = f"{app.base}/invoice?requestid={request_id}"
    try:
        connection.request("POST", path, json.dumps(INVOICE), app.headers)
        return connection.getresponse().read()
    finally:
        connection.close()


def test_a_lost_answer_closes_the_connection_and_the_work_is_done(app: Client, port: int) -> None:
    app.control("faults", {"effect": "lost_after", "kind": "invoice"})
    with pytest.raises(ConnectionError):
        send(app, port, "r1")
    assert b'"Id":"1"' in send(app, port, "r1")
    assert app.query("select count(*) from Invoice") == {"totalCount": 1}


def test_half_an_answer_is_shorter_than_it_says(app: Client, port: int) -> None:
    app.control("faults", {"effect": "half_answer", "kind": "invoice"})
    with pytest.raises(IncompleteRead):
        send(app, port, "r1")


def test_many_callers_with_one_request_id_make_one_invoice(app: Client, port: int) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: send(app, port, "same"), range(16)))
    assert len(answers) == 1
    assert app.look(f"companies/{NORTHGATE}/counts")["Invoice"]["live"] == 1


def test_a_body_that_ends_inside_a_chunk_is_refused_before_any_of_it_is_used() -> None:
    with pytest.raises(OSError, match="ends inside a chunk"):
        WholeChunks(io.BytesIO(b"fffffffffffffffff\r\n{}")).read(65_536)


@pytest.mark.parametrize("size", [-1, 3, 5, 65_536])
def test_a_body_in_chunks_is_read_whole(size: int) -> None:
    body = WholeChunks(io.BytesIO(b'2\r\n{ \r\n5\r\n"a":1\r\n1\r\n}\r\n0\r\n\r\n'))
    assert b"".join(iter(lambda: body.read(size) or b"", b"")) == b'{ "a":1}'


def test_a_view_never_sees_what_lay_behind_a_body_cut_short() -> None:
    seen: list[bytes] = []
    reader = Flask("reader")
    reader.logger.disabled = True

    @reader.post("/")
    def read() -> str:
        seen.append(request.stream.read(100))
        return ""

    with listening(reader) as port, socket.create_connection(("127.0.0.1", port), timeout=10) as cut:
        cut.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n{}")
        cut.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: cut.recv(65_536), b""))
    assert (said[:12], seen) == (b"HTTP/1.1 500", [])
