"""The engine's shelves: which of them may know which, so that an invoice's story can be read in one direction."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.house.sources import Module, modules

ROOM = "app.sync"
# From the ground up, as the room's doorplate tells them: a shelf may know those before it.
SHELVES = (
    "records",
    "judging",
    "company",
    "mapping",
    "answered",
    "comparing",
    "payments",
    "listening",
    "telling",
    "steering",
    "first_day",
    "importing",
    "reconciling",
    "watching",
)
# Beside the shelves: what all of them may know, and what may know all of them.
GROUND, ROOF = "engine", "models"
MOST_FILES = 25
"""More than a reader takes in at one look."""


def test_arrows_between_shelves_point_one_way() -> None:
    assert of_the_room(), "there is no engine to look at"
    broken = [arrow for module in of_the_room() for arrow in arrows_upward(module)]
    assert not broken, "\n".join(broken)


def test_each_file_lies_on_a_shelf() -> None:
    assert {place(module.name) for module in of_the_room()} - {"", GROUND, ROOF, *SHELVES} == set()


def test_the_doorplate_of_the_room_tells_its_shelves_from_the_ground_up() -> None:
    plate = next(module.text for module in modules() if module.name == ROOM)
    told = [line.split()[0] for line in plate.splitlines() if line.split()[:1] and line.split()[0] in SHELVES]
    assert tuple(told) == SHELVES


def test_a_test_lies_where_the_file_lies_that_it_is_named_after() -> None:
    names = [module.name.removeprefix("tests.sync.") for module in modules("tests") if "tests.sync." in module.name]
    astray = [name for name in names if shelves_of(name) and name.rpartition(".")[0] not in shelves_of(name)]
    assert astray == []


def test_no_shelf_grows_into_a_room_of_its_own() -> None:
    counts = Counter(place(module.name) for module in of_the_room() if not module.is_package)
    assert {shelf: count for shelf, count in counts.items() if count > MOST_FILES} == {}


@pytest.mark.parametrize(
    ("shelf", "line"),
    [
        ("records", "from app.sync.telling import drain"),
        ("judging", "from app.sync.telling.drain import Drained"),
        ("listening", "from app.sync import watching"),
        ("telling", "from app.sync import models"),
        ("payments", "from app.sync.attic import thing"),
        ("payments", "from ..telling import drain"),
    ],
)
def test_an_arrow_upward_is_seen(shelf: str, line: str) -> None:
    assert list(arrows_upward(Module(f"{ROOM}.{shelf}.thing", line)))


def test_the_ground_knows_no_shelf() -> None:
    assert list(arrows_upward(Module(f"{ROOM}.{GROUND}", "from app.sync.records import links")))


def test_an_arrow_down_or_along_is_none() -> None:
    line = "from app.sync.records import links\nfrom app.sync.telling import packing\nfrom app.sync.engine import Turn"
    assert not list(arrows_upward(Module(f"{ROOM}.telling.thing", line)))


def of_the_room() -> list[Module]:
    return [module for module in modules() if module.room == "sync"]


def place(name: str) -> str:
    """Give the shelf on which a dotted name lies, or the file of the room's own; empty for what lies elsewhere."""
    return name.removeprefix(f"{ROOM}.").split(".")[0] if name.startswith(f"{ROOM}.") else ""


def shelves_of(test: str) -> set[str]:
    """Give the shelves that hold a file of a test's name; none for one that tells of the whole engine."""
    name = test.rpartition(".")[2]
    return {place(module.name) for module in of_the_room() if f"test_{module.name.rpartition('.')[2]}" == name} - {""}


def arrows_upward(module: Module) -> Iterator[str]:
    order = (GROUND, *SHELVES, ROOF)
    own = place(module.name)
    known = order[: order.index(own) + 1] if own in order else ()
    for name in sorted(module.imports):
        if place(name) and place(name) not in known:
            yield f"{module.name} imports {name}"
