"""Every kind of drift planted among 20,000 documents: what a comparison finds, what it costs, what the next one reads.

The firm and the documents that are struck go the real way into the simulated company; the rest are copies of one of
them on both sides. Each comparison runs in a process of its own, as on a worker's first night.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import String, cast, select, update

from app.accounts.signup import found_organisation
from app.billing.document import Document
from app.factory import create_app
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.tenancy import acting_for, everywhere
from app.sync.comparing.drifts import Drift, ReconciliationRun
from app.sync.engine import engine
from app.sync.reconciling import reconcile
from app.sync.records.links import Link
from app.tables import metadata
from benchmarks.copies import Copies
from tests import simulation
from tests.simulation import REALM, Simulation, settings_at
from tests.sync import planting
from tests.sync.books import Books, connect
from tests.sync.planting import PLANTED

DOCUMENTS = 20_000
_CLIENTS = 60
_LONG_AGO = "2026-03-02T09:00:00-08:00"


class Compared(NamedTuple):
    """What one comparison cost, and what it said; `peak_mb` is the most memory its process ever held."""

    seconds: float
    peak_mb: float
    reads: int
    variances: int


@dataclass(frozen=True)
class Firm:
    """Both sides, and where a process of its own finds them."""

    books: Books
    url: str
    organisation_id: int

    def compare(self, *, whole: bool) -> Compared:
        """Let a fresh process compare. Raises RuntimeError where it could not."""
        with transaction() as session:
            about = {"connection_id": self.books.connection_id, "asked_by": "Ann", "asked_at": clock.now()}
            run = ReconciliationRun(**about, is_full=whole)
            session.add(run)
            session.flush()
            run_id = run.id
        place = (self.books.simulation.base, self.url, self.organisation_id)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            seconds, peak_mb = process.submit(compared, *place, run_id=run_id).result()
        end_reading()
        done = db.session.get_one(ReconciliationRun, run_id, populate_existing=True)
        if done.problem or done.is_full != whole:
            raise RuntimeError(done.problem or "another kind of comparison than was asked for")
        return Compared(seconds, peak_mb, done.reads, done.variances)


def measure(report: Callable[[str], None], number: int = DOCUMENTS) -> dict[str, float]:
    """How many of the planted kinds are found, and how many others; reads, seconds and memory."""
    with opened() as firm:
        fill(firm, number)
        report(f"{number:,} documents are on both sides, {len(PLANTED)} of them struck")
        first = firm.compare(whole=True)
        report(f"compared whole in {first.seconds:.1f} s")
        second = firm.compare(whole=False)
        report(f"compared again in {second.seconds:.1f} s")
        found, others = told(first.variances)
    return {
        "found": found,
        "false": others,
        "reads_first": first.reads,
        "reads_second": second.reads,
        "peak_mb": round(first.peak_mb, 1),
        "seconds": round(first.seconds, 2),
    }


@contextmanager
def opened() -> Iterator[Firm]:
    """A firm in a new database, connected to a simulator of its own that sends no webhooks."""
    with tempfile.TemporaryDirectory() as folder, simulation.running() as simulated:
        simulated.reset()
        url = f"sqlite:///{Path(folder) / 'portal.sqlite'}"
        with create_app(settings_at(simulated.base, url)).app_context():
            metadata.create_all(db.engine)
            with everywhere(), transaction():
                organisation_id = found_organisation("Benchmark").id
            with acting_for(organisation_id):
                yield Firm(connect(engine(), simulated), url, organisation_id)
            end_reading()
            db.engine.dispose()


def fill(firm: Firm, number: int) -> None:
    """So many documents on both sides, among them one for each kind of drift."""
    books = firm.books
    clients = [books.firm.acme, books.firm.bolt]
    clients += [planting.client(f"Client {n}") for n in range(_CLIENTS - len(clients))]
    lines = [books.firm.line(price) for price in ("95", "12.50", "7.99")]
    invoices = [books.firm.open(*lines, client=client) for client in clients]
    books.send()
    customers = {invoice.client_id: books.customer(invoice) for invoice in invoices}
    planting.plant_all(books)
    copied = number - len(invoices) - len(PLANTED)
    with transaction() as session:
        copies = Copies(session, invoices[0].id, clients=len(clients), number=copied)
        first = copies.invoices()
        copies.traces(first)
        first_there = int(books.simulation.world.books[REALM].next_id("Invoice"))
        there = cast(Link.subject_id + (first_there - first), String)
        session.execute(update(Link).where(Link.remote_id.startswith("old-")).values(remote_id=there))
        rows = session.execute(
            select(Document.number, Document.client_id).where(Document.id >= first).order_by(Document.id)
        )
        made = [(number or "", customers[client_id]) for number, client_id in rows]
    copy_there(books.simulation, books.remote_id(invoices[0]), made)


def copy_there(simulated: Simulation, invoice_id: str, copies: list[tuple[str, str]]) -> None:
    """An invoice like this one for each (number, customer's id), as made and last changed long ago."""
    with simulated.world.turn():
        books = simulated.world.books[REALM]
        pattern = books.get("Invoice", invoice_id) or {}
        first = int(books.next_id("Invoice"))
        made = {"CreateTime": _LONG_AGO, "LastUpdatedTime": _LONG_AGO}
        for place, (number, customer_id) in enumerate(copies):
            customer = {"value": customer_id, "name": (books.get("Customer", customer_id) or {})["DisplayName"]}
            own = {"Id": str(first + place), "DocNumber": number, "CustomerRef": customer, "MetaData": made}
            books.put("Invoice", pattern | own)


def told(variances: int) -> tuple[int, int]:
    """(how many of the planted kinds were told by their cause or as a variance, how much else was told)."""
    causes = Counter(db.session.scalars(select(Drift.cause)))
    planted = Counter(kind.cause for kind in PLANTED if kind.cause)
    wanted = len(PLANTED) - planted.total()
    found = (causes & planted).total() + min(variances, wanted)
    return found, (causes - planted).total() + max(variances - wanted, 0)


def compared(base: str, url: str, organisation_id: int, *, run_id: int) -> tuple[float, float]:
    """Carry out a comparison in this process; (seconds, the most memory it held in MB)."""
    with create_app(settings_at(base, url)).app_context():
        began = time.perf_counter()
        reconcile.run(engine(), run_id, organisation_id)
        return time.perf_counter() - began, _peak_mb()


def _peak_mb() -> float:
    """Of this program alone: what `getrusage` says would begin with the memory of the one that started it."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=DOCUMENTS, help="how many documents both sides have")
    print(measure(print, parser.parse_args().documents))
