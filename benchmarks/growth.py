"""Whether a document costs more when years lie behind: a thousand, or a million invoices that were sent long ago.

Each left its lines, link, message, envelope, attempt and timeline behind. The same number of new ones is pushed through
the real engine beside either heap in turn, against a responder that answers at once; the best of many turns counts, for
other work on the machine only ever makes one slower.
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
PUSHED = 600
_AT_ONCE = 100_000
"""Old invoices made by one transaction."""
_TURNS = 15


def measure(report: Callable[[str], None], many: int = MANY) -> dict[str, float]:
    """How many times as long a document takes beside `many` old ones as beside a thousand."""
    with (
        tempfile.TemporaryDirectory() as small,
        tempfile.TemporaryDirectory() as large,
        responder.running() as address,
        opened(Path(small), address) as young,
        opened(Path(large), address) as old,
    ):
        _age(young, FEW, report)
        _age(old, many, report)
        turns = [(_timed(young), _timed(old)) for _turn in range(_TURNS)]
    few, later = (min(seconds) for seconds in zip(*turns, strict=True))
    report(f"{few * 1000:.2f} ms a document beside {FEW:,} old ones, {later * 1000:.2f} ms beside {many:,}")
    return {"growth": round(later / few, 2)}


def _age(ledger: Ledger, number: int, report: Callable[[str], None]) -> None:
    for done in range(0, number, _AT_ONCE):
        with ledger.inside():
            ledger.age(min(_AT_ONCE, number - done))
        report(f"{min(done + _AT_ONCE, number):,} of {number:,} old invoices made")


def _timed(ledger: Ledger) -> float:
    """Seconds for each of some new ones."""
    with ledger.inside():
        ledger.post(PUSHED)
        began = time.perf_counter()
        ledger.drain()
        return (time.perf_counter() - began) / PUSHED


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=MANY, help="old invoices at the end")
    print(measure(print, parser.parse_args().many))
