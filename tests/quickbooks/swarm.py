"""Many real processes that want the same at the same time, each with a portal of its own on one database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Self

from app.factory import create_app
from app.foundation.database import db
from app.foundation.settings import Settings
from app.foundation.tenancy import acting_for

PATIENCE_SECONDS = 300.0
Gate = Any
"""A barrier among processes: the type of what a context makes has no public name."""


@dataclass(frozen=True)
class Order:
    """What each process is told: its settings, for whom it acts, and what its deed needs beside."""

    settings: Settings
    organisation_id: int
    more: tuple[Any, ...] = ()


Deed = Callable[[Order, int, Gate], Any]
"""What one process does: (its order, its number from 0, the gate at which all meet); what it gives is reported."""


class Swarm:
    """So many processes at their deed; the test takes part in each meeting at the gate."""

    def __init__(self, deed: Deed, order: Order, number: int) -> None:
        context: Any = get_context("forkserver")  # forked from a process that has imported everything, without threads
        context.set_forkserver_preload([__name__])
        self.gate: Gate = context.Barrier(number + 1)
        self._reports = [context.Pipe(duplex=False) for _one in range(number)]
        self._processes = [
            context.Process(
                target=_live, args=(deed, order, one), kwargs={"gate": self.gate, "report": theirs}, daemon=True
            )
            for one, (_ours, theirs) in enumerate(self._reports)
        ]

    def __enter__(self) -> Self:
        """Let them all begin."""
        for process in self._processes:
            process.start()
        for _ours, theirs in self._reports:
            theirs.close()
        return self

    def __exit__(self, *_trouble: object) -> None:
        """None outlives the test."""
        for process in self._processes:
            process.kill()
            process.join()
        for ours, _theirs in self._reports:
            ours.close()

    def meet(self) -> None:
        """Wait until all of them are at the gate. Raises BrokenBarrierError when one of them never comes."""
        self.gate.wait(PATIENCE_SECONDS)

    def reports(self) -> list[Any]:
        """What each gave, in the order of their numbers. Raises EOFError for one that stumbled; its output says why."""
        return [ours.recv() for ours, _theirs in self._reports]


def _live(deed: Deed, order: Order, number: int, *, gate: Gate, report: Any) -> None:
    with create_app(order.settings).app_context(), acting_for(order.organisation_id):
        report.send(deed(order, number, gate))
        db.engine.dispose()
