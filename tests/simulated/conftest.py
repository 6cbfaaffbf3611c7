"""What simulations share: one portal for all of a process, and a fault that they must find."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest
from flask import Flask

from app.quickbooks.ports import HttpAnswer, HttpRequest
from tests.simulated.house import built
from tests.simulated.network import Network


@pytest.fixture(scope="session")
def simulated_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Give the portal in which simulations take place one after the other: its statements are compiled once."""
    with built(tmp_path_factory.mktemp("simulated")) as app:
        yield app


@pytest.fixture
def new_request_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each sending of an envelope have a request id of its own, as if it had not been stored before."""
    send, numbers = Network.send, count()

    def send_as_new(network: Network, request: HttpRequest) -> HttpAnswer:
        url = re.sub(r"(?<=requestid=)[^&]+", lambda _found: f"new-{next(numbers)}", request.url)
        return send(network, replace(request, url=url))

    monkeypatch.setattr(Network, "send", send_as_new)
