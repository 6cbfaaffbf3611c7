"""Our webhook endpoint beside a bare one: the same server, the same database, the same calls, turn by turn.

Both are served as the Procfile has it and hold every call by a durable commit. Rounds are short and alternate, and the
figure is the median of the pairs, so that what else the machine does falls on both.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import processes

from benchmarks import servers, webhooks_bare
from benchmarks.figures import median
from benchmarks.installation import HOME, Installation, running
from benchmarks.webhooks_sender import calls, send
from tests.servers import Missing

VERIFIER = "sim-production-verifier"
_ROUNDS = 12
_WARMING = 1
_SECONDS = 2.0
_MORE_THAN_ANYBODY_TAKES = 10_000
"""Calls that are made before a round, so that making them takes nothing from it."""
_PROCFILE = Path(__file__).parent.parent / "Procfile"
_ENDPOINTS = {"ours": "wsgi:app", "bare": f"{webhooks_bare.__name__}:app"}


@dataclass
class Endpoint:
    """A server, and what its rounds found: accepted calls a second, and seconds of its processes for one of them."""

    name: str
    port: int
    paces: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    @property
    def told(self) -> str:
        """For whoever waits."""
        return f"{self.name} {median(self.paces):,.0f} calls a second, {1000 * median(self.costs):.2f} ms of CPU each"


def measure(report: Callable[[str], None]) -> dict[str, float]:
    """On SQLite, then on PostgreSQL where it can be had."""
    ours, bare = _measured("SQLite", report)
    found = {
        "receiver_vs_bare": _ratio(ours, bare),
        "receiver_cpu_ms": round(1000 * median(ours.costs), 3),
        "bare_cpu_ms": round(1000 * median(bare.costs), 3),
    }
    try:
        with servers.running() as addresses:
            return found | {"receiver_vs_bare_pg": _ratio(*_measured("PostgreSQL", report, **addresses))}
    except Missing as missing:
        report(str(missing))
        return found


def serving(port: int, application: str = "wsgi:app") -> list[str]:
    """The command that serves the portal in production, for another port and maybe another application."""
    (web,) = (line for line in _PROCFILE.read_text().splitlines() if line.startswith("web: "))
    words = shlex.split(web.removeprefix("web: "))
    words[words.index("--bind") + 1] = f"127.0.0.1:{port}"
    return [sys.executable, "-m", *words[:-1], application]


def _measured(database: str, report: Callable[[str], None], **settings: str) -> list[Endpoint]:
    with running(**settings) as installation:
        webhooks_bare.make_table(installation.environment["DATABASE_URL"])
        endpoints = [_served(installation, name, application) for name, application in _ENDPOINTS.items()]
        for turn in range(_WARMING + _ROUNDS):
            for endpoint in endpoints if turn % 2 else reversed(endpoints):
                _round(installation, endpoint, counts=turn >= _WARMING)
    report(f"{database}: " + "; ".join(endpoint.told for endpoint in endpoints))
    return endpoints


def _served(installation: Installation, name: str, application: str) -> Endpoint:
    port = processes.free_port()
    installation.started.start(name, serving(port, application), installation.environment)
    processes.wait_until_up(f"http://127.0.0.1:{port}/healthz", installation.started)
    return Endpoint(name, port)


def _round(installation: Installation, endpoint: Endpoint, *, counts: bool) -> None:
    made = list(calls(1, _MORE_THAN_ANYBODY_TAKES, realm=HOME, verifier=VERIFIER))
    group = installation.started.running[endpoint.name].pid
    before = _cpu_seconds(group)
    sent = send(endpoint.port, made, seconds=_SECONDS)
    if counts:
        endpoint.paces.append(sent.pace)
        endpoint.costs.append((_cpu_seconds(group) - before) / len(sent.accepted))


def _cpu_seconds(group: int) -> float:
    """What the processes of a group have used so far, as Linux counts it in hundredths."""
    fields = [path.read_text().rpartition(")")[2].split() for path in Path("/proc").glob("[0-9]*/stat")]
    return sum(int(found[11]) + int(found[12]) for found in fields if int(found[2]) == group) / 100


def _ratio(ours: Endpoint, bare: Endpoint) -> float:
    pairs = zip(ours.paces, bare.paces, strict=True)
    return round(median([one / other for one, other in pairs]), 3)
