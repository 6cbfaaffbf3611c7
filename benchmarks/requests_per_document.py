"""How many requests a document costs: a lone one, a run of a thousand, one of a client nobody knows there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from benchmarks import firm as firms
from benchmarks.firm import Firm
from benchmarks.installation import Installation, running, wait_until

RUN = 1000
_CLIENTS = 100


def measure(report: Callable[[str], None]) -> dict[str, float]:
    """Count at the simulator what each costs, with all that follows it there: webhooks, and what they make us read."""
    with running() as installation:
        firm = firms.found(installation, clients=_CLIENTS)
        installation.start_worker()
        push(installation, firm, firm.draft(1))
        report("one invoice of a known client")
        warm = push(installation, firm, firm.draft(1))
        report(f"{RUN:,} invoices of known clients")
        run = push(installation, firm, firm.draft(RUN))
        stranger = replace(firm, client_ids=(firm.unknown_client("Nobody Knows Ltd"),))
        report("one invoice of an unknown client")
        cold = push(installation, firm, stranger.draft(1))
    return {
        "warm_writes": warm["writes"],
        "warm_reads": warm["reads"],
        "requests_per_document": run["requests"] / RUN,
        "cold_reads": cold["reads"],
        "cold_writes": cold["writes"],
    }


def push(installation: Installation, firm: Firm, document_ids: Sequence[int]) -> dict[str, int]:
    """Open them at once and wait until they are there and all is quiet; what was asked of the company meanwhile."""
    wanted = installation.invoices() + len(document_ids)
    firms.hold([firm])
    firm.open(document_ids)
    installation.control("stats/reset", {})
    firms.let_go([firm])
    wait_until(lambda: installation.invoices() == wanted)
    installation.settle()
    return installation.counts()
