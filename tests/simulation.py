"""Intuit in tests: the simulator on a loopback port, one for each process, on its first day when a test begins."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from app.foundation.settings import Settings
from app.quickbooks.client import QuickBooks
from app.quickbooks.transport import RequestsHttp
from app.simulator.doors import EXTENSION as SIMULATOR
from app.simulator.factory import create_simulator
from app.simulator.server import make_threaded_server
from app.simulator.webhooks.bodies import signature
from app.simulator.world import World
from app.sync.engine import EXTENSION, Engine
from tests import portal

REALM = "9341450000000001"
SANDBOX_REALM = "4620816365000000001"
VERIFIER = "sim-production-verifier"
SOMEWHERE = "http://127.0.0.1:9/webhooks"
"""Where the simulator believes webhooks go; tests carry them by hand."""

Body = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """A webhook call as it would arrive."""

    raw: bytes
    headers: dict[str, str]


class Simulation:
    """The simulator of this test, and the bookkeeper who works in it."""

    def __init__(self, base: str, world: World) -> None:
        self.base, self.world = base, world
        self.untouched = False
        """Whether nobody has asked anything of it since it was reset."""

    def reset(self) -> None:
        """Begin its first day, without limits; webhooks are kept for whoever carries them."""
        self.control("reset")
        self.control("limits", {"on": False})
        for environment in ("production", "sandbox"):
            self.control(f"webhooks/endpoints/{environment}", {"url": SOMEWHERE})
        self.untouched = True

    def control(self, path: str, body: object = None) -> Body:
        """A POST to the control API."""
        self.untouched = False
        address = f"{self.base}/_simulator/{path}"
        asked = urllib.request.Request(address, json.dumps(body or {}).encode())  # noqa: S310 - loopback
        with urllib.request.urlopen(asked) as answer:  # noqa: S310 - loopback
            found: Body = json.load(answer)
        return found

    def look(self, path: str) -> Body:
        """A GET of the control API."""
        with urllib.request.urlopen(f"{self.base}/_simulator/{path}") as answer:  # noqa: S310 - loopback
            found: Body = json.load(answer)
        return found

    def grant(self, realm: str = REALM, client_id: str = "SIM-PRODUCTION-KEY") -> Body:
        """Tokens of a company, at once."""
        return self.control(f"companies/{realm}/authorize", {"client_id": client_id, "tokens": True})

    def pay(self, customer: str, total: str, **shares: str) -> str:
        """The bookkeeper receives a payment; shares are i<invoice id>="50.00". Returns its id."""
        parts = [{"invoice_id": name[1:], "amount": amount} for name, amount in shares.items()]
        wish = {"customer": customer, "total": total, "allocations": parts}
        return str(self.control(f"companies/{REALM}/payments", wish)["payments"][0])

    def record(self, kind: str, remote_id: str) -> Body:
        """A record as it is there."""
        return self.look(f"companies/{REALM}/records/{kind}/{remote_id}")

    def handle(self, kind: str, remote_id: str, act: str, **wanted: object) -> Body:
        """The bookkeeper edits, voids or deletes a record."""
        return self.control(f"companies/{REALM}/records/{kind}/{remote_id}/{act}", wanted)

    def webhooks(self) -> list[Call]:
        """The calls that wait, each once; taken for delivered."""
        outgoing = self.world.outgoing
        with self.world.turn():
            outgoing.bundle(at_once=True)
            waiting = outgoing.due(at_once=True)
            for delivery in waiting:
                outgoing.settle(delivery, "200", delivered=True)
            return [_call(delivery, outgoing.endpoint(delivery["environment"])["verifier"]) for delivery in waiting]


def _call(delivery: Body, verifier: str) -> Call:
    raw = str(delivery["raw"]).encode()
    return Call(raw, {"intuit-signature": signature(raw, verifier), "content-type": "application/json; charset=utf-8"})


@contextmanager
def running() -> Iterator[Simulation]:
    """A simulator on a port of its own for as long as the block lasts."""
    application = create_simulator(":memory:", limits=False)
    server = make_threaded_server(application, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    world = application.extensions[SIMULATOR]
    assert isinstance(world, World)
    yield Simulation(f"http://127.0.0.1:{server.server_port}", world)
    server.shutdown()
    thread.join()
    server.server_close()
    world.close()


def settings_at(base: str, database_url: str, **more: Any) -> Settings:
    """Settings whose two Intuits are the simulator's two key pairs."""
    return portal.settings_for(
        database_url,
        **{
            "intuit_client_id": "SIM-PRODUCTION-KEY",
            "intuit_client_secret": "sim-production-secret",
            "intuit_webhook_verifier": VERIFIER,
            "intuit_discovery_url": f"{base}/.well-known/openid_configuration",
            "quickbooks_api_url": f"{base}/production",
            "intuit_client_id_sandbox": "SIM-SANDBOX-KEY",
            "intuit_client_secret_sandbox": "sim-sandbox-secret",
            "intuit_webhook_verifier_sandbox": "sim-sandbox-verifier",
            "intuit_discovery_url_sandbox": f"{base}/.well-known/openid_sandbox_configuration",
            "quickbooks_api_url_sandbox": f"{base}/sandbox",
            "governor": False,
            "retry_base_seconds": 0.001,
            **more,
        },
    )


@contextmanager
def hung(app: Flask, settings: Settings) -> Iterator[Engine]:
    """The portal's engine speaks to the Intuit of these settings for as long as the block lasts."""
    before = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = Engine(QuickBooks(RequestsHttp(), settings, settings.sealer()), settings, owner="test")
    yield app.extensions[EXTENSION]
    app.extensions[EXTENSION] = before


@pytest.fixture(scope="session")
def one_simulation() -> Iterator[Simulation]:
    """Start it when the first test asks."""
    with running() as simulation:
        yield simulation


@pytest.fixture
def simulation(one_simulation: Simulation) -> Simulation:
    """Give the simulator on its first day."""
    one_simulation.reset()
    return one_simulation


@pytest.fixture
def engine(simulation: Simulation, app: Flask, database_url: str) -> Iterator[Engine]:
    """Give the portal's engine, with the simulator as its Intuit."""
    with hung(app, settings_at(simulation.base, database_url)) as made:
        yield made
