"""`make run`: simulator, worker and portal with a demo organisation, until Ctrl-C; state under `instance/`.

A second start goes on where the first ended; RESET=1 begins anew.
"""

import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import TextIO

import processes
from processes import ROOT, Processes

FOLDER = ROOT / "instance"


def main() -> int:
    """Start everything, say where it is, wait for Ctrl-C, end everything."""
    with Path(__file__).open() as door:
        if is_taken(door):
            print("It runs already: end that one first with Ctrl-C, or open its address.", file=sys.stderr)
            return 1
        return run()


def is_taken(door: TextIO) -> bool:
    """Take the right to run from this folder; whether another has it. It ends with the process, however that ends."""
    try:
        fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def run() -> int:
    """Run on the state of the last start. Two at once would write one simulator's books from two processes."""
    if os.environ.get("RESET") == "1" and FOLDER.exists():
        shutil.rmtree(FOLDER)
    is_new = not (FOLDER / "portal.sqlite").exists()
    portal_port, simulator_port = processes.free_port(8000), processes.free_port(8100)
    portal, simulator = f"http://127.0.0.1:{portal_port}", f"http://127.0.0.1:{simulator_port}"
    environment = processes.settings(FOLDER, simulator, portal)
    signal.signal(signal.SIGTERM, interrupted)
    started = Processes(FOLDER / "logs")
    try:
        start(started, environment, (portal_port, simulator_port), is_new=is_new)
        greet(portal, simulator)
        return watch(started)
    except KeyboardInterrupt:
        print("\nEnding …", flush=True)
        return 0
    finally:
        started.end()


def start(started: Processes, environment: dict[str, str], ports: tuple[int, int], *, is_new: bool) -> None:
    """Simulator first, then the portal's database, then worker and portal."""
    portal_port, simulator_port = ports
    webhooks = f"http://127.0.0.1:{portal_port}/webhooks/quickbooks"
    data = FOLDER / "simulator.sqlite"
    started.start("simulator", processes.simulator_command(simulator_port, data, "real", webhooks), environment)
    doing = "Preparing the database and the demo organisation" if is_new else "Going on with what is in instance/"
    print(f"{doing} …", flush=True)
    processes.run_once(processes.flask_command("db", "upgrade"), environment)
    processes.run_once(processes.flask_command("demo"), environment)
    started.start("worker", processes.flask_command("worker"), environment)
    started.start("portal", processes.portal_command(portal_port), environment)
    processes.wait_until_up(f"http://127.0.0.1:{simulator_port}/_simulator/health", started)
    processes.wait_until_up(f"http://127.0.0.1:{portal_port}/healthz", started)


def greet(portal: str, simulator: str) -> None:
    """Print the addresses and the demo sign-ins."""
    print(
        f"""
  Counterfoil               {portal}
  QuickBooks (simulated)    {simulator}

  Sign in with              olivia@northgate.example   owner
                            adam@northgate.example     admin
                            stella@northgate.example   staff
                            rhea@northgate.example     read-only
  Password of all four      counterfoil-demo

  First step: sign in as Olivia, the owner, and press Connect on the dashboard. README.md, "Try it", goes on from there.
  Ctrl-C ends everything and keeps it for the next start; make run RESET=1 begins anew. Logs are in instance/logs.
""",
        flush=True,
    )


def watch(started: Processes) -> int:
    """Wait; when a process ends by itself, say which and end the rest."""
    while True:
        time.sleep(1)
        for name in started.dead():
            print(f"The {name} ended by itself; see instance/logs/{name}.log", file=sys.stderr)
            return 1


def interrupted(_signal: int, _frame: FrameType | None) -> None:
    """A plain `kill` ends everything just as Ctrl-C does."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
