"""The locks: every package pinned and hashed, no address of a registry, all that pyproject.toml asks for."""

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.sources import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["production"]]
GROUPS = PROJECT["dependency-groups"]
ASKED = {
    "requirements.txt": RUNTIME,
    "requirements-test.txt": [*RUNTIME, *GROUPS["test"]],
    "requirements-assets.txt": GROUPS["assets"],
    "requirements-servers.txt": GROUPS["servers"],
}
ADDRESS = re.compile(r"\b\w+://|@ |^\s*-(?!-hash=)", re.MULTILINE)
FAULTY = [
    *(f"--{option} x" for option in ("index-url", "find-links")),
    "-i x",
    "-e .",
    "a @ file",
    "# from https://a.example",
]


@pytest.mark.parametrize("lock", ASKED)
def test_each_package_is_pinned_by_hash(lock: str) -> None:
    pins = list(pinned(lock))
    assert pins
    assert [pin for pin in pins if not re.match(r"\S+==\S+ .*--hash=sha256:[0-9a-f]{64}", pin)] == []


@pytest.mark.parametrize("lock", ASKED)
def test_no_lock_names_a_registry(lock: str) -> None:
    assert ADDRESS.findall((ROOT / lock).read_text()) == []


@pytest.mark.parametrize("lock", ASKED)
def test_a_lock_holds_what_the_project_asks_for(lock: str) -> None:
    held = {canonicalize_name(name): version for name, version in versions(lock)}
    asked = [Requirement(line) for line in ASKED[lock]]
    assert [str(need) for need in asked if held.get(canonicalize_name(need.name), "0") not in need.specifier] == []


def test_the_node_client_is_pinned_by_hash_and_names_no_registry() -> None:
    home = ROOT / "tests/simulator/clients/node"
    packages = json.loads((home / "package-lock.json").read_text())["packages"]
    asked = packages.pop("")["dependencies"]
    assert asked == json.loads((home / "package.json").read_text())["dependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert [name for name, one in packages.items() if "resolved" in one or "integrity" not in one] == []


def test_tests_run_on_what_is_delivered() -> None:
    assert set(versions("requirements.txt")) <= set(versions("requirements-test.txt"))


def test_no_other_lock_lies_about() -> None:
    assert {path.name for path in ROOT.glob("requirements*")} == set(ASKED)


@pytest.mark.parametrize("line", FAULTY)
def test_an_address_is_seen(line: str) -> None:
    assert ADDRESS.search(line)


def pinned(lock: str) -> Iterator[str]:
    """Give each pin with its hashes as one line."""
    joined = (ROOT / lock).read_text().replace("\\\n", " ")
    return (line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#"))


def versions(lock: str) -> Iterator[tuple[str, str]]:
    """Give name and version of each pin."""
    for pin in pinned(lock):
        name, _, version = pin.split()[0].partition("==")
        yield name, version
