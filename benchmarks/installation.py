"""An installation to be measured: simulator, portal and worker as real processes, and ourselves on the same database.

Settings are those of a real installation: Intuit's limits kept by the governor, leases as long as they really are.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import processes
from processes import Processes

from app.factory import create_app

HOME = "9341450000000001"
"""The company that every simulator holds."""
PATIENCE_SECONDS = 900.0


@dataclass(frozen=True)
class Installation:
    """What was started, and where it listens; addresses without slash."""

    started: Processes
    simulator: str
    portal: str
    environment: dict[str, str]

    def start_worker(self, name: str = "worker") -> None:
        """Start a worker, the first or one more."""
        self.started.start(name, processes.flask_command("worker"), self.environment)

    def kill_worker(self, name: str = "worker") -> None:
        """End it as a power cut would."""
        self.started.kill(name)

    def control(self, path: str, body: object) -> Any:
        """A POST to the simulator's control API."""
        return processes.ask(f"{self.simulator}/_simulator/{path}", body)

    def look(self, path: str) -> Any:
        """A GET of the simulator's control API."""
        return processes.ask(f"{self.simulator}/_simulator/{path}")

    def calls(self, realm: str = HOME, number: int = 5000) -> list[dict[str, Any]]:
        """The last calls on one company, the oldest first, as the simulator noted them once it had answered."""
        found = self.look(f"requests?limit={number}")["requests"]
        return [call for call in reversed(found) if call["realm"] == realm]

    def counts(self, realm: str = HOME) -> dict[str, int]:
        """What was asked of one company since the counters were reset."""
        counts: dict[str, int] = self.look("stats")["realms"][realm]
        return counts

    def invoices(self, realm: str = HOME) -> int:
        """How many invoices a company holds."""
        return int(self.look(f"companies/{realm}/counts")["Invoice"]["live"])

    def settle(self, realm: str = HOME, *, still_seconds: float = 3.0) -> None:
        """Wait until nothing has been asked of a company for so long."""
        last, since = self.counts(realm)["requests"], time.monotonic()
        while time.monotonic() - since < still_seconds:
            time.sleep(0.2)
            if (now := self.counts(realm)["requests"]) != last:
                last, since = now, time.monotonic()


@contextmanager
def running(**settings: str) -> Iterator[Installation]:
    """Simulator and portal on free ports with an empty database, and this process as one more of the installation's.

    `settings` stand above the usual ones. The worker is started by whoever measures.
    """
    portal_port, simulator_port = processes.free_port(), processes.free_port()
    portal, simulator = f"http://127.0.0.1:{portal_port}", f"http://127.0.0.1:{simulator_port}"
    with tempfile.TemporaryDirectory(prefix="counterfoil-bench-") as name:
        folder = Path(name)
        environment = {**processes.settings(folder, simulator, portal), "LOG_FORMAT": "json", **settings}
        started = Processes(folder / "logs")
        webhooks = f"{portal}/webhooks/quickbooks"
        command = processes.simulator_command(simulator_port, folder / "simulator.sqlite", "real", webhooks)
        try:
            started.start("simulator", command, environment)
            processes.run_once(processes.flask_command("db", "upgrade"), environment)
            started.start("portal", processes.portal_command(portal_port), environment)
            processes.wait_until_up(f"{simulator}/_simulator/health", started)
            processes.wait_until_up(f"{portal}/healthz", started)
            os.environ.update(environment)
            with create_app().app_context():
                yield Installation(started, simulator, portal, environment)
        finally:
            started.end()


def wait_until(reached: Callable[[], bool], *, every: float = 0.2) -> None:
    """Ask again until it is so. Raises TimeoutError after a quarter of an hour."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        if time.monotonic() > until:
            raise TimeoutError("what is measured did not come to its end")
        time.sleep(every)
