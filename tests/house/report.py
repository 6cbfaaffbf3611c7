"""Print the ruler's table: `make style`. A row says what is meant, what is measured, and what was hoped for."""

import math
import sys
from collections.abc import Iterator

from tests.house.ruler import Measured, comments_per_hundred, measure
from tests.house.sources import Module, modules

LONGEST_SHOWN = 5
VIEW_LINES = 15


def main() -> None:
    """Print the tables of the portal and its tests, the longest, and the views that do more than translate."""
    lines = [*table("app"), *table("tests"), *longest(), *long_views()]
    sys.stdout.write("\n".join(lines) + "\n")


def table(folder: str) -> Iterator[str]:
    """Give one folder's figures."""
    files = modules(folder)
    found = [measured for module in files for measured in measure(module)]
    yield f"{folder}: {len(files)} files, {len(found)} functions"
    yield row("file lines", [len(module.text.splitlines()) for module in files], "80 / 200 / 300")
    yield row("function lines", [measured.lines for measured in found], "6 / 20 / 40")
    yield row("depth", [measured.depth for measured in found], "- / 2 / 3")
    yield row("complexity", [measured.complexity for measured in found], "- / 5 / 10")
    yield row("parameters", [measured.parameters for measured in found], "- / 4 / 6")
    yield row("comments in 100 lines", [round(comments_per_hundred(module)) for module in files], "2-6 / - / 10")


def row(name: str, values: list[int], mark: str) -> str:
    """Give median, 95th percentile (nearest rank) and largest beside the mark."""
    figures = " / ".join(str(at(values, share)) for share in (0.5, 0.95, 1.0))
    return f"  {name:<22}{figures:<16}mark {mark}"


def at(values: list[int], share: float) -> int:
    """Give a figure that some real function has; 0 of nothing."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else 0


def longest() -> Iterator[str]:
    """Give the longest files and functions of the portal."""
    files: list[Module] = sorted(modules(), key=lambda module: -len(module.text.splitlines()))
    yield "longest"
    yield from (f"  {len(module.text.splitlines()):>4} {module.name}" for module in files[:LONGEST_SHOWN])
    functions = sorted((m for module in modules() for m in measure(module)), key=lambda measured: -measured.lines)
    yield from (named(measured) for measured in functions[:LONGEST_SHOWN])


def long_views() -> Iterator[str]:
    """Give the views that are longer than a translation should be."""
    views = [measured for module in modules() for measured in measure(module) if measured.is_view]
    yield f"views over {VIEW_LINES} lines"
    yield from (named(view) for view in views if view.lines > VIEW_LINES)


def named(measured: Measured) -> str:
    """Give one line about a function."""
    return f"  {measured.lines:>4} {measured.where}"


if __name__ == "__main__":
    main()
