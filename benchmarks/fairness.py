"""One company with 5,000 invoices waiting, and forty-nine with ten: how much longer these take than alone.

QuickBooks takes as long as at the month-end. All are let go in one moment; each small one's time ends when its last
invoice was answered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from benchmarks import firm as firms
from benchmarks.figures import median
from benchmarks.firm import Firm
from benchmarks.installation import Installation, running, wait_until
from benchmarks.month_end import LATENCY, answered_at

MANY, FEW = 5000, 10
SMALL_FIRMS = 49
_ALONE = 5


def measure(report: Callable[[str], None]) -> dict[str, float]:
    """Each small one alone first (some of them: they are alike), then all together."""
    with running() as installation:
        report(f"writing {SMALL_FIRMS} firms with {2 * FEW} invoices, and one with {MANY:,}")
        small = [_firm(installation, number, clients=FEW) for number in range(1, SMALL_FIRMS + 1)]
        large = _firm(installation, SMALL_FIRMS + 1, clients=100)
        firms.hold([*small, large])
        installation.start_worker()
        installation.control("switches", LATENCY)
        alone = median([_together(installation, [firm])[0] for firm in _with_few(small[:_ALONE])])
        report(f"{FEW} invoices alone: {alone:.2f} s")
        _with_few(small)
        beside_each_other = _together(installation, small)
        report(f"the {SMALL_FIRMS} beside each other: the slowest {max(beside_each_other):.2f} s")
        large.open(large.draft(MANY))
        _with_few(small)
        beside = _together(installation, small, large)
        report(f"beside {MANY:,} of another: median {median(beside):.2f} s, the slowest {max(beside):.2f} s")
    return {"fairness": max(beside) / alone}


def _firm(installation: Installation, number: int, *, clients: int) -> Firm:
    return firms.found(installation, clients=clients, realm=firms.founded_company(installation, number))


def _with_few(small: Sequence[Firm]) -> Sequence[Firm]:
    """The same firms, held, each with ten invoices waiting."""
    firms.hold(small)
    for firm in small:
        firm.open(firm.draft(FEW))
    return small


def _together(installation: Installation, small: Sequence[Firm], *others: Firm) -> list[float]:
    """Let them go in one moment; seconds until each of the small ones was done."""
    installation.control("stats/reset", {})
    time.sleep(1)
    began = time.time()
    firms.let_go([*small, *others])
    wait_until(lambda: _all_written(installation, small))
    time.sleep(1)
    firms.hold([*small, *others])
    return [max(answered_at(call) for call in installation.calls(firm.realm)) - began for firm in small]


def _all_written(installation: Installation, small: Sequence[Firm]) -> bool:
    asked = installation.look("stats")["realms"]
    return all(asked[firm.realm]["operations"] >= FEW for firm in small)
