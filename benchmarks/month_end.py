"""A month-end: 3,000 invoices of known clients, QuickBooks taking 300 ms for a request and 40 ms for a document.

One write in flight and thirty documents in each make a hundred requests of 1.5 s the bound: nobody can be quicker.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from benchmarks import firm as firms
from benchmarks import plain_loop
from benchmarks.firm import Firm
from benchmarks.installation import HOME, Installation, running, wait_until

INVOICES = 3000
LATENCY = {"request_seconds": 0.3, "document_seconds": 0.04}
BOUND_SECONDS = INVOICES / 30 * LATENCY["request_seconds"] + INVOICES * LATENCY["document_seconds"]
PLAIN_INVOICES = 200
_CLIENTS = 100


def measure(report: Callable[[str], None]) -> dict[str, float]:
    """Ours first, then the plain loop's share of as many, against the same simulator."""
    with running() as installation:
        firm = firms.found(installation, clients=_CLIENTS)
        report(f"writing {INVOICES:,} invoices")
        firms.hold([firm])
        firm.open(firm.draft(INVOICES))
        installation.start_worker()
        installation.control("switches", LATENCY)
        installation.control("stats/reset", {})
        ours = _sent(installation, firm, report)
        throttled = installation.counts()["throttled"]
        installation.settle()
        report(f"{PLAIN_INVOICES} of them through python-quickbooks")
        plain = plain_loop.run(installation.simulator, HOME, PLAIN_INVOICES) * INVOICES / PLAIN_INVOICES
        report(f"python-quickbooks would take {plain:.0f} s for all")
    return {
        "month_end_ratio": ours / BOUND_SECONDS,
        "month_end_throttled": throttled,
        "python_quickbooks_ratio": plain / ours,
    }


def _sent(installation: Installation, firm: Firm, report: Callable[[str], None]) -> float:
    """Seconds from letting them go until QuickBooks has answered the last one."""
    began = time.time()
    firms.let_go([firm])
    wait_until(lambda: installation.invoices() == INVOICES, every=1.0)
    installation.settle()
    calls = [call for call in installation.calls() if call["method"] == "POST"]
    seconds = answered_at(calls[-1]) - began
    report(f"{seconds:.1f} s for {len(calls)} requests; the bound is {BOUND_SECONDS:.0f} s")
    return seconds


def answered_at(call: dict[str, Any]) -> float:
    """When the simulator had answered a call that it noted, as seconds since 1970."""
    return (datetime.fromisoformat(call["at"]) + timedelta(milliseconds=call["milliseconds"])).timestamp()
