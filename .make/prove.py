"""Run the tests marked `prove` for as long as a budget allows, from a seed, and say how many of what were done.

A test asks for the fixture `budget`, its part of the whole by its weight (`tests/proving.py`), draws from `SEED`, and
may count what it did by `record_property` with a whole number. The last line reads `proved: passed 12, failed 0,
skipped 0, crashes 340, …, seed 7, seconds 861`; the same seed plays the same crashes in the same order. The exit code
is pytest's.
"""

import argparse
import collections
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


def main() -> int:
    """Run them and sum up."""
    options = arguments()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        code = run(report, options)
        counts = list(counted(report)) if report.is_file() else []
    seconds = round(time.monotonic() - began)
    figures = ", ".join(f"{name} {count}" for name, count in counts)
    print(f"proved: {figures or 'nothing'}, seed {options.seed}, seconds {seconds}")
    return code


def arguments() -> argparse.Namespace:
    """Give budget and seed; a seed that is drawn is told at the end, so that a failure can be had again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--budget", type=seconds_of, default=seconds_of("15m"), help="90, 90s, 15m or 2h")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--only", default="", help="a part of the proofs' names, as pytest's -k takes it")
    return parser.parse_args()


def seconds_of(text: str) -> int:
    """Turn `15m` into 900; ValueError for what is no duration."""
    found = re.fullmatch(r"(\d+)([smh]?)", text)
    if not found:
        raise ValueError(text)
    return int(found[1]) * UNITS[found[2]]


def run(report: Path, options: argparse.Namespace) -> int:
    """Run pytest; its exit code."""
    told = {"PROVE_BUDGET_SECONDS": str(options.budget), "PROVE_SEED": str(options.seed)}
    # The older family is the one whose report carries what the tests count.
    counting = ["-o", "junit_family=xunit1", f"--junit-xml={report}"]
    # A process that has no proof left takes one that another has not begun.
    sharing = ["-n", os.environ.get("N", "auto"), "--dist", "worksteal"]
    command = [sys.executable, "-m", "pytest", "-m", "prove", "-k", options.only, *sharing, *counting]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **told}, check=False).returncode


def counted(report: Path) -> Iterator[tuple[str, int]]:
    """Give pytest's own counts, then the sums of what the tests counted themselves."""
    tree = ET.parse(report)  # noqa: S314 - written by pytest a moment ago
    suite = next(tree.iter("testsuite"))
    total, failed, errors, skipped = (int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped"))
    yield from {"passed": total - failed - errors - skipped, "failed": failed + errors, "skipped": skipped}.items()
    sums: collections.Counter[str] = collections.Counter()
    for counted_by_test in tree.iter("property"):
        if re.fullmatch(r"\d+", counted_by_test.get("value", "")):
            sums[counted_by_test.get("name", "")] += int(counted_by_test.get("value", ""))
    yield from sorted(sums.items())


if __name__ == "__main__":
    sys.exit(main())
