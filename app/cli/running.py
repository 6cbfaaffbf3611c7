"""The worker process."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.sync.engine import engine
from app.worker import process


@click.command("worker")
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    default=None,
    help="How many lanes are told at once; LANES_AT_ONCE if left out.",
)
@with_appcontext
def worker(threads: int | None) -> None:
    """Carry messages to QuickBooks and bring payments back, until stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way to the app
    process.run(app, engine(), lanes=threads)
