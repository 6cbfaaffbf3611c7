"""The project's own source, read once: what the house rules look at."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of Python; `name` is dotted, `app.billing.invoice`, and a package's is that of its folder."""

    name: str
    text: str
    is_package: bool = False

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def room(self) -> str:
        """What stands under `app` on the way to it; empty for `app` itself."""
        return [*self.name.split("."), ""][1]

    @cached_property
    def imports(self) -> frozenset[str]:
        """Each thing imported anywhere in the file, under `if TYPE_CHECKING` too, dotted down to the name."""
        return frozenset(name for node in ast.walk(self.tree) for name in self._imported(node))

    @property
    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def _imported(self, node: ast.AST) -> list[str]:
        if isinstance(node, ast.Import):
            return [alias.name for alias in node.names]
        if not isinstance(node, ast.ImportFrom):
            return []
        folder = self.name.split(".") if self.is_package else self.name.split(".")[:-1]
        above = folder[: len(folder) - node.level + 1] if node.level else []
        return [".".join([*above, *filter(None, [node.module]), alias.name]) for alias in node.names]


def read(path: Path) -> Module:
    """Read one file below the root."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    return Module(".".join(parts[:-1] if is_package else parts), path.read_text(), is_package)


@cache
def modules(folder: str = "app") -> tuple[Module, ...]:
    """All of a folder's Python; the tests of the house itself fail when `app` holds none."""
    return tuple(read(path) for path in sorted((ROOT / folder).rglob("*.py")))


def within(name: str, place: str) -> bool:
    """Whether a dotted name is a place or lies in it."""
    return name == place or name.startswith(f"{place}.")
