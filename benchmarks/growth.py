"""Whether a document costs more when years lie behind: a thousand, then a million invoices that were sent long ago.

Each left its lines, link, message, envelope, attempt and timeline behind. The same number of new ones is pushed through
the real engine beside either heap, against a responder that answers at once; the best of several runs counts.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import responder
from benchmarks.ledger import Ledger, opened

FEW = 1_000
MANY = 1_000_000
_AT_ONCE = 100_000
"""Old invoices made by one transaction."""
PUSHED = 600
_RUNS = 7


def measure(report: Callable[[str], None], many: int = MANY) -> dict[str, float]:
    """How many times as long a document takes beside `many` old ones as beside a thousand."""
    with (
        tempfile.TemporaryDirectory() as folder,
        responder.running() as address,
        opened(Path(folder), address) as ledger,
    ):
        few = _aged(ledger, FEW, report)
        later = _aged(ledger, many - FEW, report)
    report(f"{few * 1000:.2f} ms a document beside {FEW:,} old ones, {later * 1000:.2f} ms beside {many:,}")
    return {"growth": round(later / few, 2)}


def _aged(ledger: Ledger, number: int, report: Callable[[str], None]) -> float:
    """Seconds a document after so many more old ones."""
    for done in range(0, number, _AT_ONCE):
        ledger.age(min(_AT_ONCE, number - done))
        report(f"{min(done + _AT_ONCE, number):,} of {number:,} old invoices made")
    return min(_timed(ledger) for _run in range(_RUNS))


def _timed(ledger: Ledger) -> float:
    ledger.post(PUSHED)
    began = time.perf_counter()
    ledger.drain()
    return (time.perf_counter() - began) / PUSHED


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=MANY, help="old invoices at the end")
    print(measure(print, parser.parse_args().many))
