"""A week of forty companies in simulated time, at the speed of this machine: the very scenario that the tests prove.

What is measured is the engine, the simulator and the scenario together, in one process and on one core.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.simulated.week import A_WEEK, simulate

_SEED = 7


def measure(report: Callable[[str], None]) -> dict[str, float]:
    """`simulation_speed`: how many times faster than real time. Raises RuntimeError where both sides disagree."""
    week = simulate(_SEED, A_WEEK, report)
    if week.faults:
        raise RuntimeError("\n".join(week.faults))
    report(f"{week.simulated_hours} hours of {A_WEEK.companies} companies in {week.seconds:.0f} s: {dict(week.counts)}")
    return {"simulation_speed": round(week.speed, 1)}
