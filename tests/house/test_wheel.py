"""The built wheel is the whole portal: pages, styles, migrations and the front end's files lie inside the package."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.sources import ROOT


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Build it; the names of all files inside."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return wheel.namelist()


def test_only_the_package_stands_at_the_top(members: list[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in members} == {"app", "counterfoil"}


@pytest.mark.parametrize("folder", ["templates", "migrations", "static"])
def test_what_lies_beside_the_package_lies_inside_it(members: list[str], folder: str) -> None:
    here = {f"app/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / folder).rglob("*") if is_delivered(path)}
    assert here
    assert here - set(members) == set()


def test_the_front_end_comes_with_it(members: list[str]) -> None:
    names = {"htmx.min.js", "tabler.min.css", "tabler.min.js", "icons.svg", "manifest.json", "LICENCES.txt"}
    assert {f"app/static/vendor/{name}" for name in names} - set(members) == set()


def test_no_test_is_delivered(members: list[str]) -> None:
    assert [name for name in members if Path(name).name.startswith(("test_", "conftest"))] == []


def is_delivered(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts
