"""The walls of the house: which room may know which, and what may be said where."""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.house.sources import Function, Module, modules, within

ENGINE_AND_BELOW = {"sync", "billing", "quickbooks", "accounts", "outbox", "foundation"}
# The arrows of the house. What is not listed here may not be built; what is not listed in a row may not be imported.
MAY_IMPORT = {
    "foundation": set[str](),
    "accounts": {"foundation"},
    "outbox": {"foundation"},
    "quickbooks": {"foundation"},
    "billing": {"outbox", "foundation"},
    "sync": {"billing", "quickbooks", "outbox", "accounts", "foundation"},
    "worker": {"sync", "billing", "accounts", "outbox", "foundation"},
    "web": {"sync", "billing", "quickbooks", "accounts", "foundation"},
    # Names every table, for migrations and for databases made in tests.
    "tables": {"sync", "billing", "quickbooks", "accounts", "outbox", "foundation"},
    "factory": {"tables", "web", "worker", "cli", *ENGINE_AND_BELOW},
    "cli": {"tables", "web", "worker", "factory", *ENGINE_AND_BELOW},
    "simulator": set[str](),
}
# Where no wheel of pysqlite3 exists, this one module falls back, and gives up WAL for it.
SQLITE_OF_LAST_RESORT = "app.foundation.sqlite"
FOREIGN_WORDS = re.compile(r"intuit|quick\s?books|realm|sync_?token", re.IGNORECASE)


def test_each_room_imports_only_what_the_table_allows() -> None:
    assert modules(), "there is no house to look at"
    broken = [arrow for module in modules() for arrow in forbidden_arrows(module)]
    assert not broken, "\n".join(broken)


def test_modules_import_each_other_in_no_circle() -> None:
    names = {module.name for module in modules()}
    arrows = {module.name: {owner(name, names) for name in module.imports} - {"", module.name} for module in modules()}
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(reversed(circle.args[1])))


def test_no_import_hides_inside_a_function() -> None:
    assert [place for module in modules() for place in hidden_imports(module)] == []


def test_a_package_says_what_it_is_for_and_imports_nothing() -> None:
    plates = [module for module in modules() if module.is_package]
    assert "app" in {plate.name for plate in plates}
    assert [plate.name for plate in plates if not ast.get_docstring(plate.tree)] == []
    assert [plate.name for plate in plates if does_more(plate)] == []


def test_only_the_doors_know_that_there_is_a_request() -> None:
    strangers = [module for module in modules() if module.room not in {"web", "simulator"}]
    assert strangers
    assert [module.name for module in strangers if uses_a_request(module)] == []


def test_http_leaves_the_house_only_through_quickbooks() -> None:
    senders = [module for module in modules() if any(within(name, "requests") for name in module.imports)]
    assert [module.name for module in senders if not may_send(module)] == []


def test_the_trades_do_not_know_whom_their_messages_are_for() -> None:
    inner = [module for module in modules() if module.room in {"billing", "outbox"}]
    assert inner
    assert [f"{module.name}: {word}" for module in inner for word in FOREIGN_WORDS.findall(module.text)] == []


@pytest.mark.parametrize("folder", ["app", "tests", "migrations", ".make", "benchmarks"])
def test_nobody_uses_the_sqlite_that_python_brings(folder: str) -> None:
    users = {module.name for module in modules(folder) if any(within(name, "sqlite3") for name in module.imports)}
    assert users <= {SQLITE_OF_LAST_RESORT}


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("billing", "from app.quickbooks import client"),
        ("billing", "from app import sync"),
        ("outbox", "import app.billing.invoice"),
        ("web", "from app.outbox.tray import post"),
        ("simulator", "from app.foundation import clock"),
        ("sync", "from app.simulator import company"),
        ("attic", "from app.foundation import clock"),
        ("foundation", "from ..accounts import users"),
        ("foundation", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.accounts import users"),
    ],
)
def test_a_forbidden_arrow_is_seen(room: str, line: str) -> None:
    assert list(forbidden_arrows(Module(f"app.{room}.thing", line)))


def test_a_hidden_import_is_seen() -> None:
    assert list(hidden_imports(Module("app.billing.thing", "def draw():\n    if True:\n        import json")))


def test_a_request_is_seen() -> None:
    assert uses_a_request(Module("app.sync.thing", "from flask import request"))
    assert uses_a_request(Module("app.sync.thing", "import flask\nflask.session.clear()"))


def forbidden_arrows(module: Module) -> Iterator[str]:
    if module.name == "app":
        yield from (f"app imports {name}" for name in module.imports)
        return
    if module.room not in MAY_IMPORT:
        yield f"{module.name} stands in a room that is not in the table"
    allowed = MAY_IMPORT.get(module.room, set()) | {module.room}
    for name in module.imports:
        if name == "app" or (within(name, "app") and name.split(".")[1] not in allowed):
            yield f"{module.name} imports {name}"


def owner(name: str, names: set[str]) -> str:
    """Give the module that an imported name is, or lies in; empty for one that is not ours."""
    return name if name in names else name.rpartition(".")[0] if name.rpartition(".")[0] in names else ""


def hidden_imports(module: Module) -> Iterator[str]:
    for function in module.functions:
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"{module.name}:{node.lineno} in {function.name}"


def does_more(package: Module) -> bool:
    """Whether a doorplate does more than speak; that of a door may hold its blueprint, and nothing that acts."""
    if package.room not in {"web", "simulator"}:
        return len(package.tree.body) > 1
    return any(isinstance(node, Function | ast.ClassDef) for node in ast.walk(package.tree))


def uses_a_request(module: Module) -> bool:
    taken = {"flask.request", "flask.session"}
    spoken = {ast.unparse(node) for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)}
    return bool(taken & (module.imports | spoken))


def may_send(module: Module) -> bool:
    return module.room == "quickbooks" or (module.room == "simulator" and "webhooks" in module.name)
