"""The figures by name, what each should be, and how they are computed and shown (pure)."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

_RELATIONS: dict[str, Callable[[float, float], bool]] = {"=": operator.eq, "≤": operator.le, "≥": operator.ge}


class Figure(NamedTuple):
    """A figure as the last line calls it, what it says, and its bound; without one it only says how it is."""

    name: str
    meaning: str
    relation: str = ""
    bound: float = 0.0
    alone: str = ""
    """How the last line calls it where its group alone is measured, if otherwise."""

    def keeps(self, value: float | str) -> bool:
        """Whether a value is within the bound."""
        return isinstance(value, str) or not self.relation or _RELATIONS[self.relation](value, self.bound)


FIGURES = (
    Figure("warm_writes", "a lone invoice of a known client: writes", "=", 1),
    Figure("warm_reads", "… and reads", "=", 0),
    Figure("requests_per_document", "1,000 invoices of known clients: requests for each", "≤", 0.04),
    Figure("cold_reads", "an invoice of an unknown client: reads", "≤", 1),
    Figure("cold_writes", "… and writes", "≤", 2),
    Figure("month_end_ratio", "3,000 invoices: time by the bound of 100 × 1.5 s", "≤", 1.10),
    Figure("month_end_throttled", "… and requests that were refused as too many", "=", 0),
    Figure("python_quickbooks_ratio", "a plain loop over python-quickbooks: its time by ours"),
    Figure("engine_vs_bare", "documents a second by those of a bare loop", "≥", 0.3),
    Figure("cpu_ms_per_document", "processor time for each document, ms"),
    Figure("open_p50_ms", "click on Open until the request arrives, SQLite: median, ms"),
    Figure("open_p99_ms", "… 99th percentile", "≤", 500),
    Figure("open_p50_ms_pg", "the same on PostgreSQL and Redis: median, ms"),
    Figure("open_p99_ms_pg", "… 99th percentile", "≤", 100),
    Figure("recover_idle_s", "kill -9 until sent, nothing in flight, s", "≤", 5),
    Figure("recover_single_s", "… a single call in flight, s", "≤", 27),
    Figure("recover_batch_s", "… a batch in flight, s", "≤", 67),
    Figure("fairness", "10 invoices beside 5,000 of another: time by that alone, the worst of 49", "≤", 2),
    Figure("simulation_speed", "a simulated week: times faster than real time", "≥", 1000),
    Figure("worst_p95_ms", "the slowest page among 200,000 invoices: 95th percentile, ms", "≤", 100),
    Figure("worst_page", "… and which it is"),
    Figure("pages_growth", "… time of all pages by that among a hundredth of it", "≤", 1.3, alone="growth"),
    Figure("growth", "time a document with a million old ones by that with a thousand", "≤", 1.2),
    Figure("found", "25 kinds of drift among 20,000 documents: found by their cause", "=", 25),
    Figure("false", "… told beside them", "=", 0),
    Figure("reads_first", "… reads of a whole comparison"),
    Figure("reads_second", "… and of the next one, after nothing changed", "≤", 3),
    Figure("peak_mb", "… the most memory of the whole one, MB"),
    Figure("seconds", "… and how long it took, s"),
    Figure("receiver_vs_bare", "webhooks a second by those of a bare endpoint, SQLite", "≥", 0.7),
    Figure("receiver_vs_bare_pg", "… PostgreSQL", "≥", 0.7),
    Figure("receiver_cpu_ms", "… processor time of one call with its server, ms"),
    Figure("bare_cpu_ms", "… and of one of the bare endpoint"),
    Figure("receiver_p99_ms", "webhooks beside a busy worker: 99th percentile, ms", "≤", 100),
    Figure("receiver_lost", "50,000 webhooks and a kill -9 in their midst: lost", "=", 0),
    Figure("receiver_twice", "… taken in twice", "=", 0),
)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle one, of an even number the lower of the two."""
    return percentile(values, 0.5)


def shown(value: float | str) -> str:
    """A figure in as many digits as anybody reads; a word as it is."""
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:.3g}"


def table(figures: Iterable[Figure], found: Mapping[str, float | str]) -> Iterator[str]:
    """A line for each figure: name, value, bound, whether it is kept, what it means."""
    for figure in figures:
        bound = f"{figure.relation} {shown(figure.bound)}" if figure.relation else ""
        value = found.get(figure.name)
        verdict = "failed" if value is None else "" if figure.keeps(value) else "MISSED"
        told = "–" if value is None else shown(value)
        yield f"{figure.name:<24} {told:>8}  {bound:<8} {verdict:<6}  {figure.meaning}"
