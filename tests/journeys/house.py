"""The whole house as real processes on loopback: simulator, portal, worker, with the demo organisation inside."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

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


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """Everything that `make run` starts, under a folder, until the block ends."""
    starter = _starter()
    portal_port, simulator_port = starter.free_port(), starter.free_port()
    house = House(f"http://127.0.0.1:{portal_port}", f"http://127.0.0.1:{simulator_port}")
    environment = {**starter.settings(folder, house.simulator, house.portal), **QUICK}
    started = starter.Processes(folder / "logs")
    webhooks = f"{house.portal}/webhooks/quickbooks"
    command = starter.simulator_command(simulator_port, folder / "simulator.sqlite", "real", webhooks)
    try:
        started.start("simulator", command, environment)
        starter.run_once(starter.flask_command("db", "upgrade"), environment)
        starter.run_once(starter.flask_command("demo"), environment)
        started.start("worker", starter.flask_command("worker"), environment)
        started.start("portal", starter.portal_command(portal_port), environment)
        starter.wait_until_up(f"{house.simulator}/_simulator/health", started)
        starter.wait_until_up(f"{house.portal}/healthz", started)
        yield house
    finally:
        started.end()
