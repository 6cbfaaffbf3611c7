"""Webhooks while everything else goes wrong: a worker that has more to do than it can, and a server that is killed.

What was acknowledged must be there, and what was not is sent again, as Intuit would: so calls that were stored when the
server died come twice, and must count once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import processes
from sqlalchemy import func, select, update

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.tenancy import everywhere
from app.sync.listening.deliveries import Delivery, Event
from app.sync.listening.unpacking import open_deliveries
from benchmarks import firm as firms
from benchmarks.figures import percentile
from benchmarks.installation import HOME, Installation, running
from benchmarks.webhooks import VERIFIER, serving
from benchmarks.webhooks_sender import Call, calls, send

CALLS = 50_000
_INVOICES = 3_000
_BUSY_SECONDS = 15.0
_SERVER = "endpoint"


def measure(report: Callable[[str], None]) -> dict[str, float]:
    """On SQLite, where the worker and the server want the same lock."""
    with running(GOVERNOR="false") as installation:
        port = processes.free_port()
        _start(installation, port)
        waits = _beside_a_busy_worker(installation, port, report)
        report(f"{CALLS:,} calls, and the server killed in their midst")
        lost, twice = _through_a_death(installation, port, report)
    return {
        "receiver_p99_ms": round(percentile(waits, 0.99), 1),
        "receiver_lost": lost,
        "receiver_twice": twice,
    }


def _start(installation: Installation, port: int) -> None:
    installation.started.start(_SERVER, serving(port), installation.environment)
    processes.wait_until_up(f"http://127.0.0.1:{port}/healthz", installation.started)


def _beside_a_busy_worker(installation: Installation, port: int, report: Callable[[str], None]) -> list[float]:
    """Milliseconds of each call while nothing holds the worker back, and both what it sends and what it hears piles up.

    Neither Intuit's limits nor our governor slow it down: it decides, sends, stores and opens as fast as it can.
    """
    installation.control("limits", {"on": False})
    firm = firms.found(installation, clients=50)
    firms.hold([firm])
    report(f"writing {_INVOICES:,} invoices")
    firm.open(firm.draft(_INVOICES))
    send(port, calls(1, 1_000, realm=firm.realm, verifier=VERIFIER))
    installation.start_worker()
    firms.let_go([firm])
    sent = send(port, calls(1_001, CALLS, realm=firm.realm, verifier=VERIFIER), seconds=_BUSY_SECONDS)
    still = _INVOICES - installation.invoices(firm.realm)
    installation.kill_worker()
    report(
        f"beside a busy worker {sent.pace:,.0f} calls a second, median {percentile(sent.waits, 0.5):.0f} ms; "
        f"{still:,} invoices and {_unopened():,} calls were still before it"
    )
    return sent.waits


def _unopened() -> int:
    number = db.session.scalar(select(func.count(Delivery.id)).where(Delivery.processed_at.is_(None)))
    end_reading()
    return number or 0


def _through_a_death(installation: Installation, port: int, report: Callable[[str], None]) -> tuple[int, int]:
    """How many of all calls are not there, and how many of those that came twice have two events."""

    def strike(accepted: int) -> None:
        if accepted == CALLS // 2:
            installation.started.kill(_SERVER)
            installation.started.start(_SERVER, serving(port), installation.environment)

    made = list(calls(1_000_000, CALLS, realm=HOME, verifier=VERIFIER))
    sent = send(port, made, after=strike)
    stored = _stored(made)
    again = [digest for digest, times in stored.items() if times > 1]
    report(
        f"{sent.pace:,.0f} calls a second, the new start included; {sent.repeated} were sent again, of which "
        f"{len(again)} had been stored"
    )
    return CALLS - len(stored), _events_of(again)


def _stored(made: list[Call]) -> Counter[str]:
    """{hash: how often it is in the table} of these calls."""
    mine = {call.digest for call in made}
    found = Counter(digest for digest in db.session.scalars(select(Delivery.digest)) if digest in mine)
    end_reading()
    return found


def _events_of(digests: list[str]) -> int:
    """Open the calls with these hashes, and nothing else; how many events there are beyond one for each."""
    with transaction() as session:
        others = update(Delivery).where(Delivery.digest.not_in(digests), Delivery.processed_at.is_(None))
        session.execute(others.values(processed_at=clock.now()))
    with everywhere():
        before = db.session.scalar(select(func.count(Event.id))) or 0
        end_reading()
        while open_deliveries():
            pass
        return (db.session.scalar(select(func.count(Event.id))) or 0) - before - len(digests)
