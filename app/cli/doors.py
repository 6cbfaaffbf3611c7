"""Hangs every command; `flask --help` lists them."""

from __future__ import annotations

from flask import Flask

from app.cli import branding, companies, imports, links, people, running


def init_app(app: Flask) -> None:
    """Hang every command and group of commands."""
    for group in (branding.branding, companies.quickbooks, links.sync, people.users):
        app.cli.add_command(group)
    for command in (companies.tie, imports.import_file, people.demo, running.worker):
        app.cli.add_command(command)
