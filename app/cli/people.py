"""People who may sign in: the first owner, one-time links, and those of the demo."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.accounts import owners
from app.accounts.roles import Role
from app.accounts.signup import add_user, any_user, found_organisation
from app.billing.demo.furnish import furnish
from app.billing.entities import EntityFields, found_entity
from app.cli.acting import told_in_words
from app.foundation.database import transaction
from app.foundation.tenancy import acting_for

DEMO_ORGANISATION = "Northgate IT"
DEMO_PASSWORD = "counterfoil-demo"  # noqa: S105 - printed at every start of the demo
DEMO_PEOPLE = {
    "Olivia Hart": Role.OWNER,
    "Adam Reed": Role.ADMIN,
    "Stella Moss": Role.STAFF,
    "Rhea Patel": Role.READ_ONLY,
}
DEMO_ENTITY = EntityFields(
    name="Northgate IT Services",
    legal_name="Northgate IT Services Ltd",
    address="Unit 4, Mill Yard\nYork\nYO1 7AA",
    vat_number="GB 123 4567 89",
)

users = AppGroup("users", help="People who may sign in.")


@users.command("create-owner")
@click.argument("email")
@click.option("--name", default="", help="The person's name; the address if left out.")
@click.option("--organisation", default="My company", show_default=True, help="What the organisation is called.")
@click.option("--password", default=None, help="Left out, a one-time link to choose one is printed.")
@told_in_words(email="EMAIL", organisation="--organisation", password="--password")  # noqa: S106 - its place
def create_owner(email: str, name: str, organisation: str, password: str | None) -> None:
    """Make a new organisation whose owner signs in with EMAIL."""
    link = owners.create_owner(email, name or email, organisation, password=password)
    click.echo(f"{email} is the owner of {organisation}." + (f" Choose a password at: {link}" if link else ""))


@users.command("first-link")
@told_in_words()
def first_link() -> None:
    """Print a new one-time link for the first owner; earlier ones end."""
    click.echo(owners.first_owner_link())


def greet(app: Flask) -> None:
    """At a start without anybody who could sign in: print the first owner's link, once."""
    with app.app_context():
        try:
            link = owners.first_owner_link_if_due()
        except SQLAlchemyError:
            return  # not migrated yet; /readyz says so
    if link:
        click.echo(f"\n  Nobody can sign in yet. Begin here (the link works once):\n\n    {link}\n")


@click.command("demo")
@with_appcontext
@told_in_words()
def demo() -> None:
    """Make the demo organisation, its people and four months of documents, unless somebody can sign in already."""
    if any_user():
        click.echo("There are people already; nothing was made.")
        return
    with transaction():
        organisation = found_organisation(DEMO_ORGANISATION)
        for name, role in DEMO_PEOPLE.items():
            email = f"{name.partition(' ')[0].lower()}@northgate.example"
            add_user(organisation, email, name, role=role, password=DEMO_PASSWORD)
        organisation_id = organisation.id
    with acting_for(organisation_id), transaction():
        entity = found_entity(DEMO_ENTITY)
        click.echo(f"{furnish(entity)} documents were made for {entity.name}.")
