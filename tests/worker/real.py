"""A worker as an operator starts it: a process of its own, with settings from its environment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.simulation import settings_at

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0


def environment(base: str, database_url: str, folder: Path, **chosen: Any) -> dict[str, str]:
    """What the process reads: a portal on this database, whose Intuit is the simulator at `base`."""
    hints = {"huey_url": f"sqlite:///{folder / 'hints.sqlite'}", "scan_seconds": 0.1, "lanes_at_once": 2}
    settings = settings_at(base, database_url, **{**hints, **chosen})
    told = {name.upper(): _text(value) for name, value in settings.model_dump().items()}
    return {**os.environ, **told, "PYTHONPATH": str(ROOT), "FLASK_APP": "wsgi"}


def _text(value: Any) -> str:
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


@contextmanager
def worker(settings: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """It works until it is told to end; one that is still there at the end of the block is killed."""
    with (folder / "worker.log").open("ab") as log:
        command = [sys.executable, "-m", "flask", "worker"]
        process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def stop(process: subprocess.Popen[bytes]) -> int:
    """Ask it to end, as a service manager does; its exit code. Raises TimeoutExpired where it does not listen."""
    process.send_signal(signal.SIGTERM)
    return process.wait(PATIENCE_SECONDS)
