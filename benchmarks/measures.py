"""What is measured: each measure is a module here with `measure(report) -> {figure: value}`, and belongs to a group."""

from __future__ import annotations

from typing import NamedTuple


class Measure(NamedTuple):
    """A module of this package, what it measures, and the figures that it gives."""

    module: str
    title: str
    figures: tuple[str, ...]


GROUPS: dict[str, tuple[Measure, ...]] = {
    "engine": (
        Measure(
            "requests_per_document",
            "How many requests a document costs",
            ("warm_writes", "warm_reads", "requests_per_document", "cold_reads", "cold_writes"),
        ),
        Measure(
            "month_end",
            "A month-end of 3,000 invoices",
            ("month_end_ratio", "month_end_throttled", "python_quickbooks_ratio"),
        ),
        Measure("engine_cost", "What the engine itself costs", ("engine_vs_bare", "cpu_ms_per_document")),
        Measure(
            "opening",
            "From Draft to Open until the request arrives",
            ("open_p50_ms", "open_p99_ms", "open_p50_ms_pg", "open_p99_ms_pg"),
        ),
        Measure(
            "recovery",
            "From kill -9 until the request is sent again",
            ("recover_idle_s", "recover_single_s", "recover_batch_s"),
        ),
        Measure("fairness", "Forty-nine small companies beside a large one", ("fairness",)),
        Measure("simulated_week", "A simulated week", ("simulation_speed",)),
        Measure("growth", "A million old documents", ("growth",)),
    ),
    "pages": (Measure("pages", "Pages of a practice of five years", ("worst_p95_ms", "worst_page", "pages_growth")),),
    "reconcile": (
        Measure(
            "reconcile",
            "Twenty-five kinds of drift among 20,000 documents",
            ("found", "false", "reads_first", "reads_second", "peak_mb", "seconds"),
        ),
    ),
    "webhooks": (
        Measure(
            "webhooks",
            "Webhooks beside a bare endpoint",
            ("receiver_vs_bare", "receiver_vs_bare_pg", "receiver_cpu_ms", "bare_cpu_ms"),
        ),
        Measure(
            "webhooks_ordeal",
            "Webhooks beside a busy worker, and through a kill -9",
            ("receiver_p99_ms", "receiver_lost", "receiver_twice"),
        ),
    ),
}
"""Those that drive real processes and wait come first; each stands alone."""
