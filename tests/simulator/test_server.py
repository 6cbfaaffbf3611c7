"""Over a real socket: answers that never come, halves of answers, and several callers at once."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, IncompleteRead

import pytest
from flask import Flask

from app.simulator.server import make_threaded_server
from tests.simulator.client import NORTHGATE, Client, line

INVOICE = {"CustomerRef": {"value": "1"}, "Line": [line()]}


@pytest.fixture
def port(simulator: Flask) -> Iterator[int]:
    server = make_threaded_server(simulator, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


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
