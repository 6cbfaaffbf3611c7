"""The whole house as real processes on loopback: simulator, portal, worker, with or without the demo organisation."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
QUICK = {"SCAN_SECONDS": "0.2", "RETRY_BASE_SECONDS": "1", "SINGLE_CALL_SECONDS": "5", "BATCH_CALL_SECONDS": "5"}


def _starter() -> ModuleType:
    """What `make run` starts processes with; it lies outside every package."""
    spec = importlib.util.spec_from_file_location("processes", ROOT / ".make" / "processes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["processes"] = module
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class House:
    """Where everything is."""

    portal: str
    simulator: str
    environment: dict[str, str] = field(default_factory=dict, repr=False)

    def first_link(self) -> str:
        """The one-time link of whoever comes first, as the operator's command prints it."""
        command = _starter().flask_command("users", "first-link")
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def simulated(self, path: str, body: object = None) -> Any:
        """What the simulator's control API answers; posts the body if there is one."""
        return _starter().ask(f"{self.simulator}/_simulator/{path}", body)


@contextmanager
def open_house(folder: Path, *, furnished: bool = True) -> Iterator[House]:
    """Everything that `make run` starts, under a folder, until the block ends; unfurnished: nobody is there yet."""
    starter = _starter()
    portal_port, simulator_port = starter.free_port(), starter.free_port()
    portal, simulator = f"http://127.0.0.1:{portal_port}", f"http://127.0.0.1:{simulator_port}"
    environment = {**starter.settings(folder, simulator, portal), **QUICK}
    house = House(portal, simulator, environment)
    started = starter.Processes(folder / "logs")
    webhooks = f"{house.portal}/webhooks/quickbooks"
    command = starter.simulator_command(simulator_port, folder / "simulator.sqlite", "real", webhooks)
    try:
        started.start("simulator", command, environment)
        starter.run_once(starter.flask_command("db", "upgrade"), environment)
        if furnished:
            starter.run_once(starter.flask_command("demo"), environment)
        started.start("worker", starter.flask_command("worker"), environment)
        started.start("portal", starter.portal_command(portal_port), environment)
        starter.wait_until_up(f"{house.simulator}/_simulator/health", started)
        starter.wait_until_up(f"{house.portal}/healthz", started)
        yield house
    finally:
        started.end()
