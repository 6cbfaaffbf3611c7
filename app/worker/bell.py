"""The bell: it hears that something was posted and rings for whoever works; it is hung in every process."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from huey.api import Huey

from app.foundation.logs import logger
from app.outbox import tray
from app.outbox.models import Lane
from app.worker.hints import carrier

EXTENSION = "counterfoil.bell"
Hear = Callable[[int, int, str], None]


class Bell:
    """Rings lanes through Huey. One that can't be rung is only logged: the sweep finds the lane and drains it."""

    def __init__(self, huey: Huey) -> None:
        self.huey = huey
        self._heard: Hear = _nobody_works_here
        self._hint = huey.task(name="drain")(self._take)

    def listen(self, heard: Hear) -> None:
        """This process works: what it does with (organisation id, billing entity id, mode)."""
        self._heard = heard

    def ring(self, organisation_id: int, lane: Lane) -> bool:
        """Hint that this lane has something due; False when the store of hints did not take it."""
        try:
            self._hint(organisation_id, lane.billing_entity_id, lane.mode.value)
        except Exception as problem:  # noqa: BLE001 - whatever the store of hints suffers, the outbox has the message
            logger().warning("the bell could not be rung", problem=str(problem))
            return False
        return True

    def hear(self, lane: Lane, *, organisation_id: int) -> None:
        """Something was posted in this process."""
        self.ring(organisation_id, lane)

    def _take(self, organisation_id: int, billing_entity_id: int, mode: str) -> None:
        self._heard(organisation_id, billing_entity_id, mode)


def _nobody_works_here(_organisation_id: int, _billing_entity_id: int, _mode: str) -> None:
    """A process that only rings never takes a hint."""


def hang(app: Flask, url: str) -> Bell:
    """Give this process its bell; it hears every posting of this process for as long as the app lives."""
    bell = Bell(carrier(url))
    app.extensions[EXTENSION] = bell
    tray.posted.connect(bell.hear)
    return bell
