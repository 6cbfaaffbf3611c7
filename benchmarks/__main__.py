"""`make bench`: figures, as ratios within one run where that can be; the last line is one JSON object.

`python -m benchmarks --only engine` measures one group. Each measure runs in a process of its own, so that none finds
caches warm, or memory full, from the one before; how far it is goes to standard error.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.figures import FIGURES, Figure, table
from benchmarks.measures import GROUPS, Measure

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Measure, print the table and the JSON object; 1 when a measure failed."""
    options = arguments()
    if options.measure:
        print(json.dumps(importlib.import_module(f"benchmarks.{options.measure}").measure(report)))
        return 0
    chosen = [measure for name, group in GROUPS.items() if options.only in {None, name} for measure in group]
    found: dict[str, float | str] = {}
    for measure in chosen:
        found |= measured(measure)
    wanted = promised(chosen)
    print_all(wanted, found, alone=options.only is not None)
    return int(not found.keys() >= {figure.name for figure in wanted})


def promised(measures: Sequence[Measure]) -> list[Figure]:
    """The figures that these measures give, in the order in which they are shown."""
    names = {name for measure in measures for name in measure.figures}
    return [figure for figure in FIGURES if figure.name in names]


def arguments() -> argparse.Namespace:
    """Read what is to be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=GROUPS, help="one group of measures")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    return parser.parse_args()


def report(sentence: str) -> None:
    """Say how far it is; nobody who waits for a quarter of an hour should wonder whether anything happens."""
    print(f"{time.strftime('%H:%M:%S')}   {sentence}", file=sys.stderr, flush=True)


def measured(measure: Measure) -> dict[str, float | str]:
    """Run one measure to its end; what it found, nothing where it failed."""
    report(measure.title)
    began = time.monotonic()
    # What starts and ends processes lies outside every package.
    paths = os.pathsep.join((str(ROOT), str(ROOT / ".make")))
    command = [sys.executable, "-m", "benchmarks", "--measure", measure.module]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        report(f"{measure.title}: failed, see above")
        return {}
    report(f"{measure.title}: {time.monotonic() - began:.0f} s")
    found: dict[str, float | str] = json.loads(done.stdout.splitlines()[-1])
    return found


def print_all(wanted: Sequence[Figure], found: Mapping[str, float | str], *, alone: bool = False) -> None:
    """Print the table for people, then the object for programs; what could not be measured is null there."""
    print("\n".join(table(wanted, found)))
    keys = {figure.name: (alone and figure.alone) or figure.name for figure in wanted}
    print(json.dumps({keys[figure.name]: found.get(figure.name) for figure in wanted}))


if __name__ == "__main__":
    sys.exit(main())
