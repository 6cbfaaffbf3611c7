"""The Node client as a value: a process that is told which of its methods to call with what, line by line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE
from typing import Any

from tests.servers import Missing
from tests.simulation import Simulation

_DRIVER = Path(__file__).parent / "node/driver.js"
_MODULES = Path(sys.prefix) / "node/node_modules"


class NodeClient:
    """`node-quickbooks` in a process of its own, connected to one company."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def said(self, method: str, *given: object) -> dict[str, Any]:
        """What a method of the client calls back with: `{answer}`, or `{status, fault}`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([method, *given]) + "\n")
        self._process.stdin.flush()
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said

    def __call__(self, method: str, *given: object) -> Any:
        """The answer of a call that must succeed."""
        said = self.said(method, *given)
        assert "fault" not in said, said
        return said["answer"]

    def refused(self, method: str, *given: object) -> tuple[int, str]:
        """The HTTP status and the code of the first fault of a call that must fail."""
        said = self.said(method, *given)
        envelope = said["fault"].get("Fault") or said["fault"]["fault"]
        error = (envelope.get("Error") or envelope["error"])[0]
        return said["status"], error["code"]


@contextmanager
def running(simulation: Simulation, realm: str) -> Iterator[NodeClient]:
    """The client for as long as the block lasts. Raises `Missing` where it is not installed."""
    node = shutil.which("node")
    if node is None or not (_MODULES / "node-quickbooks").is_dir():
        raise Missing("node-quickbooks is missing: `make components` installs it")
    keys = {"id": "SIM-PRODUCTION-KEY", "secret": "sim-production-secret", "realm": realm} | simulation.grant(realm)
    command = [node, str(_DRIVER), simulation.base, json.dumps(keys)]
    environment = {**os.environ, "NODE_PATH": str(_MODULES)}
    with subprocess.Popen(command, env=environment, stdin=PIPE, stdout=PIPE, text=True, encoding="utf-8") as process:
        yield NodeClient(process)
