"""The operator's commands; each calls one verb and says what happened."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from app.accounts import owners

users = AppGroup("users", help="People who may sign in.")


def init_app(app: Flask) -> None:
    """Hang every group of commands."""
    app.cli.add_command(users)


@users.command("create-owner")
@click.argument("email")
@click.option("--name", default="", help="The person's name; the address if left out.")
@click.option("--organisation", default="My company", show_default=True, help="What the organisation is called.")
@click.option("--password", default=None, help="Left out, a one-time link to choose one is printed.")
def create_owner(email: str, name: str, organisation: str, password: str | None) -> None:
    """Make a new organisation whose owner signs in with EMAIL."""
    link = owners.create_owner(email, name or email, organisation, password=password)
    click.echo(f"{email} is the owner of {organisation}." + (f" Choose a password at: {link}" if link else ""))


@users.command("first-link")
def first_link() -> None:
    """Print a new one-time link for the first owner; earlier ones end."""
    click.echo(owners.first_owner_link())
