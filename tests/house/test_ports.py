"""The engine reads time, draws by chance and opens transactions through its ports alone, so that a seed replays it."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.sources import Module, modules, within

ENGINE = {"sync", "outbox", "quickbooks", "billing"}
PAST_THE_PORTS = ("time", "secrets", "uuid", "random", "os.urandom")
SOUND = {"random.Random"}
"""A source of chance that is handed in; drawing from the module's own is what can't be replayed."""
# Not the engine's: it furnishes an empty portal, from a seed of its own; and the secret address of an organisation's
# own Intuit app, which must be drawn from the machine's source whatever runs.
APART = {"app.billing.demo.furnish", "app.billing.demo.paying", "app.quickbooks.apps"}
CLOCKS = {"now", "utcnow", "today"}
ENDS = {"commit", "begin"}


def test_the_engine_reads_time_and_draws_chance_through_its_ports() -> None:
    inner = [module for module in modules() if module.room in ENGINE and module.name not in APART]
    assert inner
    assert [fault for module in inner for fault in (*by_itself(module), *reads_the_machine(module))] == []


def test_the_engine_opens_and_ends_transactions_through_their_port() -> None:
    inner = [module for module in modules() if module.room in ENGINE]
    assert [place for module in inner for place in ends_a_transaction(module)] == []


@pytest.mark.parametrize(
    "line",
    [
        "import time",
        "from secrets import token_hex",
        "import random",
        "from random import choice",
        "from uuid import uuid4",
        "from datetime import datetime\nnow = datetime.now(UTC)",
        "import datetime\nday = datetime.date.today()",
    ],
)
def test_a_way_past_the_ports_is_seen(line: str) -> None:
    module = Module("app.sync.thing", line)
    assert [*by_itself(module), *reads_the_machine(module)]


def test_a_transaction_past_its_port_is_seen() -> None:
    assert list(ends_a_transaction(Module("app.sync.thing", "db.session.commit()")))


def test_a_source_that_is_handed_in_is_sound() -> None:
    assert not list(by_itself(Module("app.sync.thing", "from random import Random")))


def by_itself(module: Module) -> Iterator[str]:
    """Say what it imports for which there is a port."""
    for name in sorted(module.imports - SOUND):
        if any(within(name, way) for way in PAST_THE_PORTS):
            yield f"{module.name} imports {name}"


def reads_the_machine(module: Module) -> Iterator[str]:
    """Say where it asks the machine for the moment or the day."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            owner = ast.unparse(node.value).rpartition(".")[2]
            if owner in {"datetime", "date"}:
                yield f"{module.name}:{node.lineno} reads {owner}.{node.attr}"


def ends_a_transaction(module: Module) -> Iterator[str]:
    """Say where a session is committed or begun by hand."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in ENDS and "session" in ast.unparse(node.value):
            yield f"{module.name}:{node.lineno} {ast.unparse(node)}"
