"""What every command says before a database that has no tables yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.factory import create_app
from tests import portal

COMMANDS = (
    "users create-owner ann@example.com",
    "users first-link",
    "demo",
    "tie 9341 --access-token a --refresh-token r",
    "import -",
    "sync verify",
    "sync rebuild-links",
    "sync restored",
)


@pytest.fixture
def bare(tmp_path: Path) -> Flask:
    """The portal at its first start, before its migrations."""
    return create_app(portal.settings_for(f"sqlite:///{tmp_path / 'bare.sqlite'}"))


def test_a_command_before_the_migrations_names_what_makes_the_tables(bare: Flask) -> None:
    for command in COMMANDS:
        refused = bare.test_cli_runner().invoke(args=command.split())
        assert (refused.exit_code, "flask db upgrade makes them" in refused.output) == (1, True), (command, refused)
