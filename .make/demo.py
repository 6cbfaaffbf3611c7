"""`make demo`: the main job without a browser, against a simulator of its own; the last line is one JSON object.

A CSV file is imported, opened and carried into the simulated company; a bookkeeper pays there; the payments come back;
both sides are compared. What concerns QuickBooks is read from the simulator's API at the end, not from our tables.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import processes
from bookkeeper import Books, TameBookkeeper
from portal import Portal
from processes import ROOT, Processes
from wild import WildBookkeeper

REALM = "9341450000000001"
SAMPLE = ROOT / "tests" / "data" / "standard-dirty.csv"
_QUICK = {
    "SINGLE_CALL_SECONDS": "5",
    "BATCH_CALL_SECONDS": "10",
    "LEASE_MARGIN_SECONDS": "1",
    "RETRY_BASE_SECONDS": "1",
}
"""A simulator answers at once, so a dead worker's company may be taken over sooner than Intuit's could."""
_BAR = 30
_BOOKKEEPERS = {"tame": TameBookkeeper, "wild": WildBookkeeper}
Bookkeeper = TameBookkeeper | WildBookkeeper


@dataclass
class Demo:
    """One demo: where it keeps its state, what it talks to, and what happened on the way."""

    options: argparse.Namespace
    folder: Path
    started: Processes
    simulator: str
    environment: dict[str, str]
    kills: int = 0

    @property
    def books(self) -> Books:
        """The simulated company."""
        return Books(self.simulator, REALM)

    def start_worker(self) -> None:
        """Start the worker, for the first time or again."""
        self.started.start("worker", processes.flask_command("worker"), self.environment)


def main() -> int:
    """Run the demo and print its figures."""
    options = arguments()
    with state_folder(options.dir) as folder:
        began = time.monotonic()
        started = Processes(folder / "logs")
        try:
            figures = carry(prepare(options, folder, started))
        finally:
            started.end()
    figures["seconds"] = round(time.monotonic() - began, 1)
    print(json.dumps(figures))
    return 0


def arguments() -> argparse.Namespace:
    """Read the options that `make demo` passes on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, default=SAMPLE)
    parser.add_argument("--profile", default="standard")
    parser.add_argument("--limits", choices=("real", "off"), default="real")
    parser.add_argument("--dir", type=Path)
    parser.add_argument("--kill", type=int, default=0, help="how often the worker is killed and started again")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bookkeeper", choices=_BOOKKEEPERS, default="tame")
    return parser.parse_args()


@contextmanager
def state_folder(wanted: Path | None) -> Iterator[Path]:
    """The folder that was asked for, which is kept; else one that is thrown away."""
    if wanted is not None:
        wanted.mkdir(parents=True, exist_ok=True)
        yield wanted.absolute()
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def prepare(options: argparse.Namespace, folder: Path, started: Processes) -> Demo:
    """Start the simulator and the portal on free ports, with a database that is up to date."""
    portal_port, simulator_port = processes.free_port(), processes.free_port()
    portal, simulator = f"http://127.0.0.1:{portal_port}", f"http://127.0.0.1:{simulator_port}"
    environment = {**processes.settings(folder, simulator, portal), **_QUICK, "LOG_FORMAT": "json"}
    environment["GOVERNOR"] = "true" if options.limits == "real" else "false"
    webhooks = f"{portal}/webhooks/quickbooks"
    command = processes.simulator_command(simulator_port, folder / "simulator.sqlite", options.limits, webhooks)
    started.start("simulator", command, environment)
    processes.run_once(processes.flask_command("db", "upgrade"), environment)
    started.start("portal", processes.portal_command(portal_port), environment)
    processes.wait_until_up(f"{simulator}/_simulator/health", started)
    processes.wait_until_up(f"{portal}/healthz", started)
    processes.ask(f"{simulator}/_simulator/stats/reset", {})
    os.environ.update(environment)
    return Demo(options, folder, started, simulator, environment)


def carry(demo: Demo) -> dict[str, Any]:
    """The whole way of the documents, with a bar for each stretch; returns the figures."""
    with Portal.opened() as portal:
        tokens = {"client_id": "SIM-PRODUCTION-KEY", "tokens": True}
        portal.connect(REALM, processes.ask(f"{demo.simulator}/_simulator/companies/{REALM}/authorize", tokens))
        portal.map_everything()
        demo.start_worker()
        run = portal.hand_in(demo.options.file, demo.options.profile)
        bookkeeper = _BOOKKEEPERS[demo.options.bookkeeper](demo.books, demo.options.seed)
        send(demo, portal, run, bookkeeper)
        bookkeeper.finish()
        wait("Receiving", lambda: bookkeeper.received(portal))
        comparison = portal.ask_for_comparison()
        wait("Comparing", lambda: portal.comparison_progress(comparison))
        figures = {**portal.figures(run, comparison), **bookkeeper.figures(portal)}
    return {**figures, **quickbooks_figures(demo), "kills": demo.kills}


def send(demo: Demo, portal: Portal, run: int, bookkeeper: Bookkeeper) -> None:
    """Import and send, while the bookkeeper is at work, and somebody may be killing the worker."""
    over = threading.Event()
    with ThreadPoolExecutor(2) as others:
        done = [others.submit(kill, demo, over), others.submit(bookkeeper.work, over)]
        try:
            wait("Importing", lambda: portal.import_progress(run))
            wait("Sending", portal.sending_progress)
        finally:
            over.set()
    for one in done:
        one.result()


def kill(demo: Demo, over: threading.Event) -> None:
    """Kill the worker so many times at random moments while it works, each time starting it again."""
    lot = random.Random(demo.options.seed)
    while demo.kills < demo.options.kill and not over.wait(lot.uniform(0.5, 4.0)):
        demo.started.kill("worker")
        demo.kills += 1
        demo.start_worker()


def wait(name: str, progress: Callable[[], tuple[int, int]]) -> None:
    """Draw a bar on standard error until the whole is reached; where nobody watches, only when it is."""
    drawn = None
    while True:
        done, whole = progress()
        full = _BAR * done // whole if whole else _BAR
        line = f"{name:>10} {'█' * full}{'·' * (_BAR - full)} {done}/{whole}"
        if line != drawn and (sys.stderr.isatty() or done >= whole):
            print(f"\r{line}  ", end="", file=sys.stderr, flush=True)
            drawn = line
        if done >= whole:
            print(file=sys.stderr)
            return
        time.sleep(0.5)


def quickbooks_figures(demo: Demo) -> dict[str, Any]:
    """What the simulated company holds, and what was asked of it."""
    invoices, credits_ = list(demo.books.records("Invoice")), list(demo.books.records("CreditMemo"))
    numbers = Counter(
        (kind, record["DocNumber"]) for kind, found in enumerate((invoices, credits_)) for record in found
    )
    total = sum(_total(record) for record in invoices) - sum(_total(record) for record in credits_)
    calls = processes.ask(f"{demo.simulator}/_simulator/stats")["realms"][REALM]
    return {
        "in_quickbooks": len(invoices) + len(credits_),
        "duplicates": sum(count - 1 for count in numbers.values()),
        "quickbooks_total": f"{total:.2f}",
        "api_reads": calls["reads"],
        "api_writes": calls["writes"],
        "api_requests": calls["requests"],
        "throttled": calls["throttled"],
    }


def _total(record: dict[str, Any]) -> Decimal:
    return Decimal(str(record["TotalAmt"]))


if __name__ == "__main__":
    sys.exit(main())
