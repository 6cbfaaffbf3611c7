"""What an operator copies: settings, processes, the image. They speak of what is really there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.factory import create_app
from app.foundation.settings import Settings, read_settings
from tests.house.sources import ROOT

OF_COMPOSE = {"POSTGRES_PASSWORD"}
EXAMPLE = re.findall(r"(?m)^#?([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text())
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
PROCESSES = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())


def test_the_example_names_every_setting_once() -> None:
    names = [name for name, _ in EXAMPLE if name not in OF_COMPOSE]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)


@pytest.mark.parametrize(("name", "shown"), EXAMPLE)
def test_the_example_shows_the_default(name: str, shown: str) -> None:
    field = Settings.model_fields.get(name.lower())
    default = field.default if field and not field.is_required() else ""
    value = default.get_secret_value() if hasattr(default, "get_secret_value") else default
    assert shown == (value if isinstance(value, str) else json.dumps(value))


def test_compose_gives_only_settings_that_exist() -> None:
    given = COMPOSE["x-counterfoil"]["environment"]
    assert {name.lower() for name in given} <= set(Settings.model_fields)


def test_compose_and_procfile_start_the_same_worker() -> None:
    assert " ".join(COMPOSE["services"]["worker"]["command"]) == PROCESSES["worker"]
    assert " ".join(COMPOSE["services"]["migrate"]["command"]) == PROCESSES["release"]


def test_image_and_procfile_start_the_same_web() -> None:
    command = json.loads(DOCKERFILE[-1].removeprefix("CMD "))
    assert " ".join(command) == PROCESSES["web"].replace("${PORT:-8000}", "8000")


def test_each_process_calls_a_command_that_exists(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/portal.sqlite"
    app = create_app(read_settings(database_url=database, secret_key="0" * 64, sealing_keys=f"check:{'A' * 43}="))
    called = {line.split()[3] for line in PROCESSES.values() if line.startswith("flask --app wsgi ")}
    assert called == {"db", "worker"}
    assert called <= set(app.cli.commands) | {"db"}


def test_the_image_runs_as_nobody_and_fetches_by_hash() -> None:
    assert "USER 10001" in DOCKERFILE
    assert all("--require-hashes" in line for line in DOCKERFILE if "pip install" in line)
    assert not any("curl" in line for line in DOCKERFILE)


def test_the_image_copies_what_exists() -> None:
    copies = [line.split()[1:-1] for line in DOCKERFILE if line.startswith("COPY") and "--from" not in line]
    assert [name for names in copies for name in names if not (ROOT / name).exists()] == []


def test_what_the_image_copies_is_not_ignored() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        name for line in DOCKERFILE if line.startswith("COPY") and "--from" not in line for name in line.split()[1:-1]
    }
    assert {name for name in copied if name not in kept and not name.startswith("requirements")} == set()
