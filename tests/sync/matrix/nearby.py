"""A line to the simulator without a network: the same bytes, in the same process, and breaks where they are ordered."""

from __future__ import annotations

import contextvars
import json
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app.quickbooks.ports import HttpAnswer, HttpRequest, NotSentError, UnknownOutcomeError
from app.simulator.doors import EXTENSION as SIMULATOR
from app.simulator.server import AnswerCutOff
from tests.simulation import Body, Simulation


class Nearby:
    """A line; `is_down` says of which calls no byte leaves."""

    def __init__(self, simulator: Flask) -> None:
        self._simulator = simulator
        self.is_down: Callable[[HttpRequest], bool] = lambda _request: False

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Ask the simulator, apart from whatever the portal stands in."""
        if self.is_down(request):
            raise NotSentError("nobody answers at that address")
        return contextvars.Context().run(self._ask, request)

    def _ask(self, request: HttpRequest) -> HttpAnswer:
        parts = urlsplit(request.url)
        base = f"{parts.scheme}://{parts.netloc}"
        builder = EnvironBuilder(
            method=request.method, base_url=base, headers=list(request.headers.items()), data=request.body or None
        )
        builder.path, builder.query_string = parts.path, parts.query
        try:
            pieces, status, headers = run_wsgi_app(self._simulator, builder.get_environ())
            body = b"".join(pieces)
        except AnswerCutOff as cut:
            raise UnknownOutcomeError("the line broke") from cut
        return HttpAnswer(int(status[:3]), dict(headers.items()), body, seconds=0.0)


class NearbySimulation(Simulation):
    """The simulator of a test, asked in this process; no port is opened."""

    def __init__(self, application: Flask) -> None:
        super().__init__("http://127.0.0.1:1", application.extensions[SIMULATOR])
        self.line = Nearby(application)
        self._browser = application.test_client()

    def control(self, path: str, body: object = None) -> Body:
        """A POST to the control API."""
        return self._asked("POST", path, json.dumps(body or {}))

    def look(self, path: str) -> Body:
        """A GET of the control API."""
        return self._asked("GET", path, "")

    def clear(self) -> None:
        """The weather is fine again."""
        self._asked("DELETE", "faults", "")

    def _asked(self, method: str, path: str, body: str) -> Body:
        context = contextvars.Context()
        answer = context.run(self._browser.open, f"/_simulator/{path}", method=method, data=body)
        assert answer.status_code < 300, answer.text
        found: Body = json.loads(answer.text)
        return found
