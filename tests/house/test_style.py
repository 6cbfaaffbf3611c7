"""The ruler, held to every file. `make style` prints the whole table."""

import pytest

from tests.house.ruler import Measured, comments_per_hundred, measure
from tests.house.sources import ROOT, Module, modules

FILE_LINES = 300
FUNCTION_LINES = 40
VIEW_LINES = 25
DEPTH = 3
COMPLEXITY = 10
PARAMETERS = 6
COMMENTS_PER_HUNDRED = 10
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}
FOLDERS = ["app", "tests", ".make", "benchmarks"]

# A place that a rule cannot judge: its dotted name, and why it reads better as it is.
EXCEPTIONS: dict[str, str] = {}


def faults(module: Module) -> list[str]:
    """Say all that is wrong with a file."""
    mine = [fault for measured in measure(module) for fault in function_faults(measured)]
    rules = {
        f"{lines_of(module)} lines": lines_of(module) > FILE_LINES,
        "its name says nothing": bool(BANNED_NAMES & set(module.name.split("."))),
        "no docstring": not module.tree.body or not is_text(module),
        f"{comments_per_hundred(module):.0f} comments in 100 lines": comments_per_hundred(module)
        > COMMENTS_PER_HUNDRED,
    }
    return mine + [f"{module.name}: {fault}" for fault, found in rules.items() if found]


def function_faults(measured: Measured) -> list[str]:
    """Say all that is wrong with a function."""
    longest = VIEW_LINES if measured.is_view else FUNCTION_LINES
    rules = {
        f"{measured.lines} lines": measured.lines > longest,
        f"{measured.depth} deep": measured.depth > DEPTH,
        f"complexity {measured.complexity}": measured.complexity > COMPLEXITY,
        f"{measured.parameters} parameters": measured.parameters > PARAMETERS,
    }
    return [f"{measured.where}: {fault}" for fault, found in rules.items() if found]


def lines_of(module: Module) -> int:
    return len(module.text.splitlines())


def is_text(module: Module) -> bool:
    return module.text.lstrip().startswith('"""')


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_keeps_to_the_ruler(folder: str) -> None:
    found = [fault for module in modules(folder) for fault in faults(module)]
    rest = [fault for fault in found if fault.split(":")[0] not in EXCEPTIONS]
    assert not rest, "\n".join(rest)


def test_there_is_something_to_measure() -> None:
    assert modules("app")
    assert modules("tests")
    assert (ROOT / "pyproject.toml").is_file()


def test_each_exception_is_still_one_and_has_its_reason() -> None:
    found = {fault.split(":")[0] for folder in FOLDERS for module in modules(folder) for fault in faults(module)}
    assert {place for place, reason in EXCEPTIONS.items() if place not in found or not reason} == set()


def test_public_functions_are_explained() -> None:
    public = [m for module in modules() for m in measure(module) if not m.where.split(".")[-1].startswith("_")]
    silent = [measured.where for measured in public if measured.is_silent and not measured.is_view]
    assert len(silent) <= len(public) // 5, silent


LONG = "def f() -> None:\n" + "    x = 1\n" * 41
DEEP = "def f() -> None:\n if a:\n  for b in c:\n   while d:\n    with e:\n     g()\n"
FORKED = "def f() -> None:\n" + "    if a and b:\n        c()\n" * 5
COMMENTED = "# why\n" * 5 + "x = 1\n" * 30


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (LONG, "42 lines"),
        ("@door.get('/')\n" + LONG.replace("    x = 1\n" * 16, "", 1), "26 lines"),
        (DEEP, "4 deep"),
        (FORKED, "complexity 11"),
        ("def f(a: int, b: int, c: int, d: int, *e: int, f: int, **g: int) -> None: ...\n", "7 parameters"),
        ("x = 1\n" * 301, "301 lines"),
        ("x = 1\n", "no docstring"),
        (COMMENTED, "17 comments in 100 lines"),
    ],
)
def test_a_fault_is_seen(text: str, fault: str) -> None:
    assert any(found.endswith(f": {fault}") for found in faults(Module("app.thing", text)))


def test_a_name_that_says_nothing_is_seen() -> None:
    assert "app.billing.utils: its name says nothing" in faults(Module("app.billing.utils", '"""Things."""\n'))


def test_explaining_a_function_does_not_make_it_longer() -> None:
    text = 'def f() -> None:\n    """Do it.\n\n    At length.\n    """\n    g()\n'
    assert measure(Module("app.thing", text))[0].lines == 2


def test_an_elif_is_not_deeper_than_its_if() -> None:
    text = "def f() -> None:\n    if a:\n        b()\n    elif c:\n        d()\n"
    assert measure(Module("app.thing", text))[0].depth == 1
