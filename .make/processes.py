"""Starting and ending the processes of a small installation on this machine: simulator, portal, worker."""

import base64
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parent.parent
_PATIENCE_SECONDS = 60.0


@dataclass
class Processes:
    """Everything that was started, in order; ended in the opposite order."""

    logs: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _files: list[IO[bytes]] = field(default_factory=list)

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        """Start a process whose output goes to a file of its own."""
        self.logs.mkdir(parents=True, exist_ok=True)
        log = (self.logs / f"{name}.log").open("ab")
        self._files.append(log)
        # A session of its own: Ctrl-C reaches us alone, and we end the others in order.
        self.running[name] = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )

    def kill(self, name: str) -> None:
        """End a process at once, as a power cut would."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def dead(self) -> list[str]:
        """The names of processes that ended by themselves."""
        return [name for name, process in self.running.items() if process.poll() is not None]

    def end(self) -> None:
        """Ask each to end, the last one first, and insist after some seconds."""
        for name in reversed(self.running):
            process = self.running[name]
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in reversed(self.running.values()):
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        for log in self._files:
            log.close()


def free_port(wanted: int = 0) -> int:
    """The port that is wanted if it is free, else any free one."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port")


def keys(path: Path) -> dict[str, str]:
    """The installation's secrets: made at the first start, kept in a file that only its owner can read."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        sealing = base64.b64encode(secrets.token_bytes(32)).decode()
        path.touch(mode=0o600)
        path.write_text(json.dumps({"SECRET_KEY": secrets.token_hex(32), "SEALING_KEYS": f"first:{sealing}"}))
    found: dict[str, str] = json.loads(path.read_text())
    return found


def settings(folder: Path, simulator: str, portal: str) -> dict[str, str]:
    """The environment of an installation under a folder whose Intuit is a simulator; addresses without slash."""
    return {
        **os.environ,
        **keys(folder / "keys.json"),
        "PYTHONPATH": str(ROOT),
        "FLASK_APP": "wsgi",
        "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite'}",
        "HUEY_URL": f"sqlite:///{folder / 'hints.sqlite'}",
        "PUBLIC_URL": portal,
        "MAIL_URL": "keep:",
        **_intuit(simulator, "", "production", "openid_configuration"),
        **_intuit(simulator, "_SANDBOX", "sandbox", "openid_sandbox_configuration"),
    }


def _intuit(simulator: str, ending: str, environment: str, document: str) -> dict[str, str]:
    return {
        f"INTUIT_CLIENT_ID{ending}": f"SIM-{environment.upper()}-KEY",
        f"INTUIT_CLIENT_SECRET{ending}": f"sim-{environment}-secret",
        f"INTUIT_WEBHOOK_VERIFIER{ending}": f"sim-{environment}-verifier",
        f"INTUIT_DISCOVERY_URL{ending}": f"{simulator}/.well-known/{document}",
        f"QUICKBOOKS_API_URL{ending}": f"{simulator}/{environment}",
    }


def simulator_command(port: int, data: Path, limits: str, webhooks: str) -> list[str]:
    """The simulator on a port, its webhooks going to the portal."""
    command = [sys.executable, "-m", "app.simulator", "--port", str(port), "--data", str(data)]
    return [*command, "--limits", limits, "--webhook-url", webhooks]


def portal_command(port: int) -> list[str]:
    """The portal behind a real server."""
    server = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    return [*server, "--workers", "1", "--threads", "8", "--worker-class", "gthread", "wsgi:app"]


def flask_command(*words: str) -> list[str]:
    """One of the portal's own commands."""
    return [sys.executable, "-m", "flask", *words]


def run_once(command: list[str], environment: dict[str, str]) -> None:
    """Run a command to its end; stops here with its output when it fails."""
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def wait_until_up(address: str, processes: Processes) -> None:
    """Wait until an address answers; stops with the log when the process behind it ends first."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, http.client.HTTPException, OSError):
            for name in processes.dead():
                processes.end()
                sys.exit(f"{name} ended by itself:\n{(processes.logs / f'{name}.log').read_text()[-4000:]}")
            time.sleep(0.1)
    processes.end()
    sys.exit(f"{address} did not answer within {_PATIENCE_SECONDS:.0f} seconds")


def ask(address: str, body: object = None) -> Any:
    """JSON from an address of this machine; posts the body if there is one."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)
