"""Webhooks between QuickBooks and the web's door, in simulated time: late, lost, repeated, out of order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from flask import Flask

from app.quickbooks.apps import Apps
from app.simulator.webhooks.bodies import signature
from app.sync.listening import inbox
from tests.simulated.hub import Hub
from tests.simulated.network import Network

GATHERS = 0.5
"""Seconds for which QuickBooks gathers events before it calls."""


@dataclass(repr=False)
class Post:
    """Carries what QuickBooks has to tell; whatever is lost here, only a comparison finds."""

    hub: Hub
    app: Flask
    network: Network
    apps: Apps
    lot: Random
    delivered: Callable[[], None]
    lost: float = 0.0
    late: float = 0.0
    repeated: float = 0.0
    carried: int = 0
    _collects: bool = False

    def collect_soon(self) -> None:
        """Something may have changed there."""
        if self.network.world.outgoing.has_unsent and not self._collects:
            self._collects = True
            self.hub.after(GATHERS, self._collect)

    def _collect(self) -> None:
        self._collects = False
        outgoing, world = self.network.world.outgoing, self.network.world
        with world.turn():
            outgoing.bundle(at_once=True)
            waiting = outgoing.due(at_once=True)
            for delivery in waiting:
                outgoing.settle(delivery, "200", delivered=True)
        for delivery in waiting:
            self._carry(delivery)

    def _carry(self, delivery: dict[str, Any]) -> None:
        if self.lot.random() < self.lost:
            return
        for _copy in range(1 + (self.lot.random() < self.repeated)):
            takes = self.lot.expovariate(1 / 1800) if self.lot.random() < self.late else self.lot.uniform(0.1, 3.0)
            self.hub.after(takes, partial(self.hub.spawn, partial(self._deliver, delivery)))

    def _deliver(self, delivery: dict[str, Any]) -> None:
        raw = str(delivery["raw"]).encode()
        verifier = self.network.world.outgoing.endpoint(delivery["environment"])["verifier"]
        with self.app.app_context():
            refused = inbox.keep(raw, signature(raw, verifier), "intuit", inbox.shared_verifiers(self.apps))
        assert refused is None, refused
        self.carried += 1
        self.delivered()
