"""The line to the simulator in simulated time: calls take their time, get lost, and arrive whoever dies meanwhile."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app.quickbooks.ports import HttpAnswer, HttpRequest, NotSentError, UnknownOutcomeError
from app.simulator.server import AnswerCutOff
from app.simulator.world import World
from tests.simulated.hub import Hub
from tests.simulated.weather import SLOW, Fate, Weather

_REALM = 4
"""Where the company stands in /production/v3/company/<realm>/…, split at its slashes."""


@dataclass(frozen=True)
class Arrival:
    """A call as it reached QuickBooks."""

    at: datetime
    realm: str
    word: str
    """What follows the company: "invoice", "batch", "query"; empty for what is no company's."""
    writes: bool


@dataclass
class Flight:
    """A call on its way; `answer` is there once it has arrived."""

    request: HttpRequest
    fate: Fate
    answer: HttpAnswer | None = None


@dataclass(repr=False)
class Network:
    """Between all processes and one simulator. What it saw is the proof that no limit was passed."""

    hub: Hub
    simulator: Flask
    world: World
    weather: Weather
    on_arrival: Callable[[], None] = lambda: None
    arrivals: list[Arrival] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    writing: Counter[str] = field(default_factory=Counter)
    most_writing: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    """Of everything that reached QuickBooks and what it said: two runs of one seed have the same."""

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Carry a call and its answer, in simulated time. What left arrives, even if its sender dies."""
        fate = self.weather.fate(self.hub.now())
        flight = Flight(request, fate)
        self.faults[fate.effect] += 1
        if fate.effect == "not_sent":
            self.hub.sleep(fate.there)
            raise NotSentError("nobody answers at that address")
        realm, writes = _target(request)
        self.hub.sleep(0.0)  # dying before the first byte leaves is not dying behind it
        self._takes_off(realm if writes else "")
        is_slow = fate.effect == SLOW
        lasts = request.timeout_seconds if is_slow else fate.there + fate.back
        self.hub.after(lasts * fate.share if is_slow else fate.there, partial(self._arrives, flight))
        self.hub.after(lasts, partial(self._lands, realm if writes else ""))
        self.hub.sleep(lasts)
        if is_slow or flight.answer is None:
            raise UnknownOutcomeError("the call's time was over" if is_slow else "the line broke")
        return flight.answer

    def note(self, *words: object) -> None:
        """Something happened that a replay must bring again."""
        self.digest.update(repr((self.hub.now().isoformat(), *words)).encode())

    def _takes_off(self, realm: str) -> None:
        if realm:
            self.writing[realm] += 1
            self.most_writing = max(self.most_writing, self.writing[realm])

    def _lands(self, realm: str) -> None:
        if realm:
            self.writing[realm] -= 1

    def _arrives(self, flight: Flight) -> None:
        request, effect = flight.request, flight.fate.effect
        realm, writes = _target(request)
        if realm:
            self.arrivals.append(Arrival(self.hub.now(), realm, _word(request), writes))
        if effect and effect != SLOW:
            with self.world.turn():
                self.world.mischief.order({"effect": effect})
        flight.answer = self._answer(request)
        if effect:
            self.world.mischief.clear()
        status = flight.answer.status if flight.answer else 0
        self.note(request.method, request.url, hashlib.sha256(request.body).hexdigest() if realm else "", status)
        self.on_arrival()

    def _answer(self, request: HttpRequest) -> HttpAnswer | None:
        builder = EnvironBuilder(
            method=request.method, base_url=_base(request.url), headers=[*request.headers.items()], data=request.body
        )
        parts = urlsplit(request.url)
        builder.path, builder.query_string = parts.path, parts.query
        try:
            pieces, status, headers = run_wsgi_app(self.simulator, builder.get_environ())
            body = b"".join(pieces)
        except AnswerCutOff:
            return None
        return HttpAnswer(int(status[:3]), dict(headers.items()), body, seconds=0.3)


def _base(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _target(request: HttpRequest) -> tuple[str, bool]:
    """The company that a call is for, if any, and whether it writes there."""
    parts = urlsplit(request.url).path.split("/")
    if "company" not in parts[:_REALM]:
        return "", False
    return parts[_REALM], request.method == "POST" and parts[_REALM + 1] != "query"


def _word(request: HttpRequest) -> str:
    return urlsplit(request.url).path.split("/")[_REALM + 1]
